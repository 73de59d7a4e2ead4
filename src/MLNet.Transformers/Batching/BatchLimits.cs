namespace MLNet.Transformers.Batching;

/// <summary>How much a batch may hold.</summary>
/// <param name="Rows">Sequences of a batch, where no number of tokens is given.</param>
/// <param name="Tokens">Most tokens of a batch, padding included; a longer sequence is a batch by itself. Null: counted by sequences.</param>
internal readonly record struct BatchLimits(int Rows, int? Tokens = null);
