// A small HTTP server on the loopback address, for downloads that must go wrong in a certain way.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ortforge {

class HttpServer {
 public:
  struct Reply {
    int status = 200;
    std::string body;
    std::optional<std::size_t> announced;  // Content-Length that is sent instead of the body's size
    std::chrono::milliseconds delay{0};    // before the answer
    std::chrono::milliseconds stall{0};    // between the first half of the body and the rest
    std::string location;                  // of a redirect
  };

  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // What a path answers: the replies in turn, the last one for ever. Other paths answer 404.
  void serve(const std::string& path, std::vector<Reply> replies);
  void serve(const std::string& path, const std::string& body) {
    serve(path, {Reply{200, body, {}, {}, {}, {}}});
  }

  // Answers PUT from now on: with this status; below 300 the content is what its path answers then. Until
  // then PUT answers 405.
  void take_puts(int status = 201) {
    const std::lock_guard lock(mutex_);
    put_status_ = status;
  }

  // "http://127.0.0.1:PORT"
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Targets asked for so far, in order; "PUT /a" and "HEAD /a" for other methods than GET.
  std::vector<std::string> requests() const;

 private:
  void accept_connections();
  void answer(int connection);
  Reply next_reply(const std::string& method, const std::string& target);
  Reply take(const std::string& target, const std::string& content);
  bool wait(std::chrono::milliseconds duration) const;

  int listener_ = -1;
  int port_ = 0;
  int put_status_ = 405;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Reply>> replies_;
  std::vector<std::string> requests_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

// A port of the loopback address at which nothing listens.
int closed_port();

}  // namespace ortforge
