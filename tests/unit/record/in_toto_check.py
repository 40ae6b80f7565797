"""Reads a statement on standard input into the models of the PyPI package in-toto-attestation.

Exit code 77 when the package is absent, 1 when the models refuse the statement.
"""
import json
import sys

try:
    from google.protobuf import json_format
    from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
    from in_toto_attestation.v1 import resource_descriptor, statement, statement_pb2
except ImportError as error:
    print(error)
    sys.exit(77)

document = json.load(open(sys.argv[1], encoding="utf-8"))
parsed = json_format.ParseDict(document, statement_pb2.Statement())
statement.Statement.copy_from_pb(parsed).validate()
# Unknown members would be an error here.
predicate = json_format.ParseDict(document["predicate"], provenance_pb2.Provenance())
assert predicate.build_definition.build_type and predicate.run_details.builder.id
for descriptor in (*predicate.build_definition.resolved_dependencies, *predicate.run_details.byproducts):
    resource_descriptor.ResourceDescriptor.copy_from_pb(descriptor).validate()
print(predicate.run_details.metadata.started_on.ToJsonString())
