"""The models of the ONNX Runtime test step; see scripts/make-test-models."""
