"""Item response models, calibration and scores."""
