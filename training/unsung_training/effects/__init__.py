"""What voices and accompaniments go through beside augment.py. Sounds are float32, time along the last axis, so that
(samples,) and (channels, samples) are both taken; chain.py puts them together by chance."""
