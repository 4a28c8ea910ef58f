"""From raw text to a model folder: data sets, the training loop, model cards."""
