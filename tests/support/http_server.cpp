#include "support/http_server.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ortforge {
namespace {

// A listening socket at a free port, and that port.
std::pair<int, int> listen_somewhere() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);  // the way of the socket interface
  if (::bind(descriptor, address, size) != 0 || ::listen(descriptor, 16) != 0 ||
      ::getsockname(descriptor, address, &size) != 0) {
    throw std::runtime_error("no loopback socket");
  }
  return {descriptor, ntohs(place.sin_port)};
}

void send_all(int connection, std::string_view data) {
  while (!data.empty()) {
    const ssize_t sent = ::send(connection, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    data.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// What follows the head of a request, of which a part has arrived already.
std::string receive_content(int connection, const std::string& request) {
  const std::string field = "Content-Length: ";
  const std::size_t at = request.find(field);
  const std::size_t size = at == std::string::npos ? 0 : std::stoul(request.substr(at + field.size()));
  if (request.find("Expect: 100-continue") != std::string::npos)
    send_all(connection, "HTTP/1.1 100 Continue\r\n\r\n");
  std::string content = request.substr(std::min(request.size(), request.find("\r\n\r\n") + 4));
  char buffer[4096];
  while (content.size() < size) {
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    content.append(buffer, static_cast<std::size_t>(got));
  }
  return content;
}

}  // namespace

HttpServer::HttpServer() {
  std::tie(listener_, port_) = listen_somewhere();
  acceptor_ = std::thread([this] { accept_connections(); });
}

HttpServer::~HttpServer() {
  stop_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_);
}

void HttpServer::serve(const std::string& path, std::vector<Reply> replies) {
  const std::lock_guard lock(mutex_);
  replies_[path] = {replies.begin(), replies.end()};
}

std::vector<std::string> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::accept_connections() {
  while (!stop_) {
    pollfd wanted{listener_, POLLIN, 0};
    if (::poll(&wanted, 1, 20) <= 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { answer(connection); });
  }
}

bool HttpServer::wait(std::chrono::milliseconds duration) const {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
    if (stop_) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

HttpServer::Reply HttpServer::take(const std::string& target, const std::string& content) {
  const std::lock_guard lock(mutex_);
  requests_.push_back("PUT " + target);
  if (put_status_ < 300) replies_[target] = {Reply{200, content, {}, {}, {}, {}}};
  return Reply{put_status_, "", {}, {}, {}, {}};
}

HttpServer::Reply HttpServer::next_reply(const std::string& method, const std::string& target) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(method == "GET" ? target : method + " " + target);
  const auto found = replies_.find(target);
  if (found == replies_.end()) return Reply{404, "nothing here", {}, {}, {}, {}};
  const Reply reply = found->second.front();
  if (found->second.size() > 1) found->second.pop_front();
  return reply;
}

void HttpServer::answer(int connection) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    request.append(buffer, static_cast<std::size_t>(got));
  }
  const std::string method = request.substr(0, request.find(' '));
  const std::size_t start = method.size() + 1;
  const std::string target = request.substr(start, request.find(' ', start) - start);
  Reply reply;
  if (method == "PUT") {
    reply = take(target, receive_content(connection, request));
  } else {
    reply = next_reply(method, target);
  }
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) +
                     " Answer\r\nConnection: close\r\nContent-Length: " +
                     std::to_string(reply.announced.value_or(reply.body.size())) + "\r\n";
  if (!reply.location.empty()) head += "Location: " + reply.location + "\r\n";
  if (wait(reply.delay)) {
    const std::string_view body = method == "HEAD" ? std::string_view() : std::string_view(reply.body);
    send_all(connection, head + "\r\n");
    send_all(connection, body.substr(0, body.size() / 2));
    if (wait(reply.stall)) send_all(connection, body.substr(body.size() / 2));
  }
  ::shutdown(connection, SHUT_RDWR);
  ::close(connection);
}

int closed_port() {
  const auto [descriptor, port] = listen_somewhere();
  ::close(descriptor);
  return port;
}

}  // namespace ortforge
