#include "http/web_socket_session.h"

#include <utility>

namespace penstock::http {

void WebSocketSession::Send(std::string text) {
  state_.With([&](State& state) {
    if (!state.open) return;
    if (state.bytes + text.size() > kWebSocketQueueLimit) {
      // RFC 6455 7.4 and the IANA registry: 1013, try again later.
      state.texts.clear();
      state.bytes = 0;
      state.close = CloseFrame{1013, "too slow"};
      state.open = false;
    } else {
      state.bytes += text.size();
      state.texts.push_back(std::move(text));
    }
    wake_();
  });
}

void WebSocketSession::Close(int code, std::string reason) {
  state_.With([&](State& state) {
    if (!state.open) return;
    state.close = CloseFrame{code, std::move(reason)};
    state.open = false;
    wake_();
  });
}

bool WebSocketSession::IsOpen() const {
  return state_.With([](const State& state) { return state.open; });
}

WebSocketSession::Next WebSocketSession::TakeNext() {
  return state_.With([](State& state) {
    Next next;
    if (!state.texts.empty()) {
      next.text = std::move(state.texts.front());
      state.texts.pop_front();
      state.bytes -= next.text->size();
    } else {
      next.close = state.close;
    }
    next.more = !state.texts.empty() || (next.text && state.close);
    return next;
  });
}

void WebSocketSession::End() {
  state_.With([](State& state) {
    state.open = false;
    state.texts.clear();
    state.bytes = 0;
  });
}

}  // namespace penstock::http
