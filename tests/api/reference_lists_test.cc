#include "api/reference_lists.h"

#include "api/list_import.h"
#include "base/file.h"
#include "base/sha256.h"
#include "fingerprint/list_signature.h"
#include "fingerprint/reference_list.h"
#include "tests/api/api_world.h"
#include "tests/support/signing_key.h"

namespace penstock::api {
namespace {

using http::Method;
using nlohmann::json;

class ReferenceListsTest : public testing::ApiTest {
 protected:
  // A row that passes every check of the format: 30 s of changing sub-fingerprints.
  static std::string Row(const std::string& key) {
    media::Reference reference;
    reference.holder_key = key;
    reference.title = "Title of " + key;
    reference.fingerprint.kind = media::FingerprintKind::kAudio;
    reference.fingerprint.duration = media::Millis(30'000);
    std::uint32_t item = 2463534242U;  // xorshift32, another sequence for every key
    for (const char c : key) item = item * 31U + static_cast<unsigned char>(c);
    for (int i = 0; i < 240; ++i) {
      item ^= item << 13U;
      item ^= item >> 17U;
      item ^= item << 5U;
      reference.fingerprint.audio.push_back(item);
    }
    return fingerprint::FormatListRow(reference);
  }
  static std::string Header() {
    return fingerprint::FormatListHeader(
        {.holder = "A label", .list = "catalogue", .policy = media::Policy::kReview, .full = true});
  }
  json Import(const std::string& query, std::string text) {
    const http::Response answer =
        Ask(Method::kPost, "/v1/reference-lists" + query, std::move(text));
    EXPECT_EQ(answer.status, 201) << testing::Text(answer);
    return Json(answer);
  }
};

class SignedListsTest : public ReferenceListsTest {
 protected:
  std::string AddKey(const std::string& holder) {
    const http::Response answer =
        Ask(Method::kPost, "/v1/holder-keys",
            json{{"holder", holder}, {"public_key", testing::kPublicKey}}.dump());
    EXPECT_EQ(answer.status, 201) << testing::Text(answer);
    return Json(answer)["id"];
  }
  static std::string SignatureOf(const std::string& list) {
    std::string line = fingerprint::FormatListSignature(
        *fingerprint::SignList(testing::kPrivateKey, Sha256Hex(list)));
    line.pop_back();
    return line;
  }
  http::Response Post(const std::string& list, const std::string& signature) {
    http::Headers headers = testing::Bearer(token_);
    if (!signature.empty()) headers.Set("Penstock-Signature", signature);
    return testing::Send(router_, Method::kPost, "/v1/reference-lists", std::move(headers), list);
  }
};

TEST_F(SignedListsTest, AHolderWithAKeyIsTakenAtHisSignatureOnly) {
  const std::string list = Header() + Row("a");
  ExpectProblem(Post(list, SignatureOf(list)), 403, "key_unknown");
  const std::string key = AddKey("A label");
  ExpectProblem(Post(list, ""), 403, "signature_missing");
  ExpectProblem(Post(list, "ed25519 nonsense"), 400, "malformed_signature");
  ExpectProblem(Post(list, SignatureOf(list + "\n")), 403, "signature_invalid");
  EXPECT_EQ(GetJson("/v1/reference-lists")["items"].size(), 0U);
  const http::Response taken = Post(list, SignatureOf(list));
  ASSERT_EQ(taken.status, 201) << testing::Text(taken);
  const std::string id = Json(taken)["list"]["id"];
  EXPECT_EQ(GetJson("/v1/reference-lists/" + id + "/versions")["items"][0]["signed_by"], key);
}

TEST_F(SignedListsTest, ASignatureThatIsWrongUndoesTheWholeImport) {
  AddKey("A label");
  const std::string first = Header() + Row("a");
  const std::string id = Json(Post(first, SignatureOf(first)))["list"]["id"];
  ExpectProblem(Post(Header() + Row("b"), SignatureOf(first)), 403, "signature_invalid");
  const json list = GetJson("/v1/reference-lists/" + id);
  EXPECT_EQ(list["version"], 1);
  const json references = GetJson("/v1/reference-lists/" + id + "/references")["items"];
  ASSERT_EQ(references.size(), 1U);
  EXPECT_EQ(references[0]["key"], "a");
}

TEST_F(SignedListsTest, TheQueryCannotPassAListOffAsAnotherHolders) {
  AddKey("Another");
  const std::string list = Header() + Row("a");
  const http::Response answer = Ask(Method::kPost, "/v1/reference-lists?holder=Another", list);
  ExpectProblem(answer, 403, "signature_missing");
}

TEST_F(SignedListsTest, KeysAreListedAndWithTheLastOneListsComeUnsignedAgain) {
  const std::string key = AddKey("A label");
  ExpectProblem(Ask(Method::kPost, "/v1/holder-keys",
                    json{{"holder", "A label"}, {"public_key", testing::kPublicKey}}.dump()),
                409, "key_exists");
  const json keys = GetJson("/v1/holder-keys?holder=A%20label")["items"];
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0]["id"], key);
  EXPECT_EQ(keys[0]["holder"], "A label");
  EXPECT_EQ(GetJson("/v1/holder-keys?holder=Nobody")["items"].size(), 0U);
  ExpectProblem(Ask(Method::kDelete, "/v1/holder-keys/" + key + "?holder=Nobody"), 404,
                "key_not_found");
  EXPECT_EQ(Ask(Method::kDelete, "/v1/holder-keys/" + key + "?holder=A%20label").status, 204);
  EXPECT_EQ(Post(Header() + Row("a"), "").status, 201);
}

TEST_F(SignedListsTest, AKeyThatIsNoneIsRefused) {
  ExpectProblem(Ask(Method::kPost, "/v1/holder-keys", R"({"holder":"A","public_key":"no"})"), 400,
                "invalid_public_key");
  ExpectProblem(Ask(Method::kPost, "/v1/holder-keys", R"({"holder":"A"})"), 400, "invalid_field");
  ExpectProblem(Ask(Method::kPost, "/v1/holder-keys",
                    json{{"holder", ""}, {"public_key", testing::kPublicKey}}.dump()),
                400, "invalid_field");
}

TEST_F(ReferenceListsTest, WhatTwoHoldersClaimIsListedAndSettled) {
  Import("?holder=First", Row("a"));
  const json rows = Import("?holder=Second", Row("a") + Row("b"))["rows"];
  EXPECT_EQ(rows[0]["code"], "duplicate_on_hold");
  const json holds = GetJson("/v1/holds")["items"];
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds[0]["reference"]["holder"], "Second");
  EXPECT_EQ(holds[0]["other"]["holder"], "First");
  EXPECT_EQ(holds[0]["code"], "duplicate_on_hold");
  const std::string path = "/v1/holds/" + holds[0]["reference"]["id"].get<std::string>();
  ExpectProblem(Ask(Method::kPost, path, R"({"action":"burn"})"), 400, "invalid_field");
  EXPECT_EQ(Ask(Method::kPost, path, R"({"action":"release"})").status, 204);
  EXPECT_EQ(GetJson("/v1/holds")["items"].size(), 0U);
  ExpectProblem(Ask(Method::kPost, path, R"({"action":"reject"})"), 404, "hold_not_found");
}

TEST_F(ReferenceListsTest, AListOfMoreRowsThanAreAllowedIsRefusedAndLeavesNothing) {
  std::string text = Header();
  for (int i = 0; i <= 10; ++i) text += Row("k" + std::to_string(i));
  ExpectProblem(Ask(Method::kPost, "/v1/reference-lists", text), 413, "list_too_large");
  EXPECT_EQ(GetJson("/v1/reference-lists")["items"].size(), 0U);
}

TEST_F(ReferenceListsTest, ADryRunTellsTheReceiptAndChangesNothing) {
  const http::Response fresh =
      Ask(Method::kPost, "/v1/reference-lists?dry_run=true", Header() + Row("a") + "not json\n");
  EXPECT_EQ(fresh.status, 200);
  const json receipt = Json(fresh);
  EXPECT_EQ(receipt["dry_run"], true);
  EXPECT_EQ(receipt["list"]["id"], nullptr);
  EXPECT_EQ(receipt["list"]["holder"], "A label");
  EXPECT_EQ(receipt["list"]["policy"], "review");
  EXPECT_EQ(receipt["accepted"], 1);
  EXPECT_EQ(receipt["rejected"], 1);
  EXPECT_EQ(receipt["rows"][1]["code"], "malformed_row");
  EXPECT_EQ(GetJson("/v1/reference-lists")["items"].size(), 0U);

  const std::string id = Import("", Header() + Row("a"))["list"]["id"];
  const json next =
      Json(Ask(Method::kPost, "/v1/reference-lists?dry_run=true&mode=delta", Header() + Row("b")));
  EXPECT_EQ(next["list"]["id"], id);
  EXPECT_EQ(next["list"]["references"], 2);
  EXPECT_EQ(GetJson("/v1/reference-lists/" + id)["version"], 1);
  ExpectProblem(Ask(Method::kPost, "/v1/reference-lists?dry_run=1", Header() + Row("b")), 400,
                "invalid_parameter");
}

TEST_F(ReferenceListsTest, ImportsAreCountedByTheirOutcome) {
  Ask(Method::kPost, "/v1/reference-lists", Header() + Row("a") + Row("b") + "not json\n");
  Ask(Method::kPost, "/v1/reference-lists?dry_run=true", Header() + Row("a"));
  Ask(Method::kPost, "/v1/reference-lists", "nothing that is a list");
  const std::string text = metrics_.Text();
  for (const char* line :
       {"penstock_lists_received_total{outcome=\"imported\"} 1",
        "penstock_lists_received_total{outcome=\"tested\"} 1",
        "penstock_lists_received_total{outcome=\"refused\"} 1",
        "penstock_list_rows_received_total{outcome=\"imported\",row=\"accepted\"} 2",
        "penstock_list_rows_received_total{outcome=\"imported\",row=\"rejected\"} 1"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << " in\n" << text;
  }
}

TEST_F(ReferenceListsTest, AReceiptListsEveryRowWithItsFate) {
  const json receipt = Import("", Header() + Row("a") + "{\"kind\":\"smell\"}\n" + Row("b"));
  EXPECT_EQ(receipt["list"]["holder"], "A label");
  EXPECT_EQ(receipt["list"]["name"], "catalogue");
  EXPECT_EQ(receipt["list"]["policy"], "review");
  EXPECT_EQ(receipt["list"]["references"], 2);
  EXPECT_EQ(receipt["version"], 1);
  EXPECT_EQ(receipt["accepted"], 2);
  EXPECT_EQ(receipt["rejected"], 1);
  ASSERT_EQ(receipt["rows"].size(), 3U);
  EXPECT_EQ(receipt["rows"][0]["title"], "Title of a");
  EXPECT_TRUE(receipt["rows"][0]["reference"].is_string());
  EXPECT_EQ(receipt["rows"][1]["line"], 3);
  EXPECT_EQ(receipt["rows"][1]["accepted"], false);
  EXPECT_TRUE(receipt["rows"][1]["code"].is_string());
  EXPECT_TRUE(receipt["rows"][1]["reason"].is_string());
}

TEST_F(ReferenceListsTest, WithoutAHeaderTheListIsTheAccountsDefaultAndBlocks) {
  const json receipt = Import("", Row("a"));
  EXPECT_EQ(receipt["list"]["holder"], "owner");
  EXPECT_EQ(receipt["list"]["name"], "default");
  EXPECT_EQ(receipt["list"]["policy"], "block");
}

TEST_F(ReferenceListsTest, TheQueryWinsOverTheHeader) {
  const json receipt =
      Import("?holder=Another&list=second&policy=track&mode=delta", Header() + Row("a"));
  EXPECT_EQ(receipt["list"]["holder"], "Another");
  EXPECT_EQ(receipt["list"]["name"], "second");
  EXPECT_EQ(receipt["list"]["policy"], "track");
}

TEST_F(ReferenceListsTest, AFullImportReplacesAndADeltaAdds) {
  Import("", Header() + Row("a"));
  EXPECT_EQ(Import("?mode=delta", Header() + Row("b"))["list"]["references"], 2);
  const json third = Import("?mode=full", Header() + Row("c"));
  EXPECT_EQ(third["list"]["references"], 1);
  EXPECT_EQ(third["version"], 3);
}

TEST_F(ReferenceListsTest, AListCanBeReadAndItsPolicySet) {
  const std::string id = Import("", Header() + Row("a"))["list"]["id"];
  const std::string path = "/v1/reference-lists/" + id;
  EXPECT_EQ(GetJson("/v1/reference-lists")["items"][0]["id"], id);
  EXPECT_EQ(Json(Ask(Method::kPatch, path, R"({"policy":"allow"})"))["policy"], "allow");
  EXPECT_EQ(GetJson(path)["policy"], "allow");
  ExpectProblem(Ask(Method::kPatch, path, R"({"policy":"burn"})"), 400, "invalid_field");
  for (const char* body : {R"({"holder":"me"})", R"({"policy":"track","holder":"me"})"}) {
    EXPECT_EQ(ExpectProblem(Ask(Method::kPatch, path, body), 400, "invalid_field")["field"],
              "holder");
  }
}

TEST_F(ReferenceListsTest, ItsReferencesArePaged) {
  const std::string id = Import("", Header() + Row("a") + Row("b"))["list"]["id"];
  const std::string path = "/v1/reference-lists/" + id + "/references?limit=1";
  const json first = GetJson(path);
  EXPECT_EQ(first["items"][0]["key"], "a");
  EXPECT_EQ(first["items"][0]["kind"], "audio");
  const json second = GetJson(path + "&cursor=" + first["next"].get<std::string>());
  EXPECT_EQ(second["items"][0]["key"], "b");
}

TEST_F(ReferenceListsTest, AReceiptCanBeReadAgainByVersion) {
  const std::string id = Import("", Header() + Row("a"))["list"]["id"];
  Import("", Header() + Row("a") + "not json\n");
  const std::string path = "/v1/reference-lists/" + id + "/receipt";
  EXPECT_EQ(GetJson(path)["rejected"], 1);
  EXPECT_EQ(GetJson(path + "?version=1")["rejected"], 0);
  ExpectProblem(Get(path + "?version=7"), 404, "receipt_not_found");
  ExpectProblem(Get(path + "?version=first"), 400, "invalid_parameter");
}

TEST_F(ReferenceListsTest, AListGoesBackToAnEarlierVersion) {
  const std::string id = Import("", Header() + Row("a") + Row("b"))["list"]["id"];
  Import("", Header() + Row("c"));
  const std::string path = "/v1/reference-lists/" + id;
  const json versions = GetJson(path + "/versions")["items"];
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0]["version"], 2);
  EXPECT_EQ(versions[0]["active"], true);
  EXPECT_EQ(versions[1]["references"], 2);
  EXPECT_EQ(versions[1]["available"], true);
  const json list = Json(Ask(Method::kPost, path + "/rollback", R"({"version":1})"));
  EXPECT_EQ(list["version"], 1);
  EXPECT_EQ(list["references"], 2);
  EXPECT_EQ(GetJson(path + "/references")["items"][0]["key"], "a");
  ExpectProblem(Ask(Method::kPost, path + "/rollback", R"({"version":7})"), 404,
                "version_not_found");
  ExpectProblem(Ask(Method::kPost, path + "/rollback", R"({"version":-1})"), 400, "invalid_field");
  ExpectProblem(Ask(Method::kPost, path + "/rollback", "1"), 400, "invalid_field");
}

TEST_F(ReferenceListsTest, AnExportCanBeImportedAgain) {
  const std::string id = Import("", Header() + Row("a") + Row("b"))["list"]["id"];
  const std::string path = "/v1/reference-lists/" + id;
  Import("", Header() + Row("c"));
  const http::Response answer = Get(path + "/export?version=1");
  EXPECT_EQ(answer.headers.Get("Content-Type"), "application/x-ndjson");
  const auto& body = std::get<http::FileBody>(answer.body);
  const std::string text = ReadAt(body.file->get(), body.range.offset, body.range.length).value();
  EXPECT_TRUE(text.ends_with(Row("a") + Row("b")));
  const json receipt = Import("", text);
  EXPECT_EQ(receipt["list"]["id"], id);
  EXPECT_EQ(receipt["accepted"], 2);
  ExpectProblem(Get(path + "/export?version=9"), 404, "version_not_found");
  ExpectProblem(Get("/v1/reference-lists/nosuch/export"), 404, "list_not_found");
}

TEST_F(ReferenceListsTest, ARowThatIsRefusedNamesItsFieldAndLeavesTheListAsItWas) {
  const std::string id = Import("", Header() + Row("a"))["list"]["id"];
  const auto refused = Ask(Method::kPost, "/v1/reference-lists",
                           Header() + R"({"kind":"audio","id":"a","duration":-5})" + "\n");
  ExpectProblem(refused, 400, "no_row_accepted");
  EXPECT_EQ(GetJson("/v1/reference-lists/" + id)["references"], 1);
}

TEST_F(ReferenceListsTest, ADeletedListIsGone) {
  const std::string id = Import("", Header() + Row("a"))["list"]["id"];
  EXPECT_EQ(Ask(Method::kDelete, "/v1/reference-lists/" + id).status, 204);
  ExpectProblem(Get("/v1/reference-lists/" + id), 404, "list_not_found");
  EXPECT_EQ(world_.references.Count().value(), 0);
}

TEST_F(ReferenceListsTest, WhatIsNoListIsRefused) {
  ExpectProblem(Ask(Method::kPost, "/v1/reference-lists", "hello"), 400, "malformed_list");
  ExpectProblem(Ask(Method::kPost, "/v1/reference-lists?policy=burn", Row("a")), 400,
                "invalid_field");
  ExpectProblem(Ask(Method::kPost, "/v1/reference-lists?mode=half", Row("a")), 400,
                "invalid_parameter");
  ExpectProblem(Ask(Method::kPost, "/v1/reference-lists?list=%0A", Row("a")), 400, "invalid_field");
  ExpectProblem(Get("/v1/reference-lists/nosuch"), 404, "list_not_found");
  ExpectProblem(Get("/v1/reference-lists/n%20o"), 404, "list_not_found");
}

}  // namespace
}  // namespace penstock::api
