"""Training of Unsung's mask networks with PyTorch: data, network, training, validation, export."""
