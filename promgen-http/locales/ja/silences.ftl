# silences
