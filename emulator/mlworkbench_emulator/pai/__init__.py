"""Be PAI-DLC of Alibaba Cloud: its gateway and its TensorBoards. Knows nothing of the other vendor."""
