#include "support/small_matrix.hpp"

namespace ortforge {
namespace {

Component prepare() {
  Component component;
  component.name = component.kind = "prepare";
  component.commands = {{{"cmake", "-P", "recipe/prepare.cmake"}, {}, "", "", ""}};
  return component;
}

Component core() {
  Component component;
  component.name = "core";
  component.kind = "build";
  component.axes = {"isa", "platform"};
  component.needs = {"prepare"};
  component.source_directory = "demo";
  component.commands = {{{"cmake", "--preset", "@component@"}, {}, "@source_directory@", "", ""}};
  return component;
}

}  // namespace

Matrix small_matrix() {
  Matrix matrix;
  matrix.hardware.platforms["x86_64-linux"] = {"x86_64-linux", "x86_64", {"-march=x86-64"}};
  Isa isa;
  isa.name = "avx2";
  isa.platform = "x86_64-linux";
  isa.flags = {"-mavx2", "-mfma"};
  isa.features = {"avx2", "fma"};
  matrix.hardware.isas["avx2"] = isa;
  matrix.environments["host"].name = "host";
  Branch branch;
  branch.name = "1";
  branch.version = "1.2.3";
  branch.environment = "host";
  branch.backends = {"cmake"};
  branch.sources["demo"].name = "demo";
  branch.sources["demo"].digest_kind = Source::DigestKind::none;
  branch.components = {prepare(), core()};
  Line line;
  line.name = "cpu";
  line.is_default = true;
  line.blocks = {{{}, {"avx2"}}};
  branch.lines["cpu"] = line;
  branch.line_order = {"cpu"};
  Product product;
  product.name = product.title = product.short_prefix = "demo";
  product.default_branch = "1";
  product.branch_order = {"1"};
  product.branches["1"] = branch;
  matrix.products["demo"] = product;
  matrix.default_product = "demo";
  return matrix;
}

Branch& demo_branch(Matrix& matrix) {
  return matrix.products.at("demo").branches.at("1");
}

Variant demo_variant(const Matrix& matrix) {
  const Product& product = matrix.products.at("demo");
  return variants_of(matrix, product, product.branches.at("1")).at(0);
}

}  // namespace ortforge
