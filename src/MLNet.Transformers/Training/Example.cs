namespace MLNet.Transformers.Training;

/// <summary>One row, tokenized once.</summary>
/// <param name="Ids">Token ids, special tokens included.</param>
/// <param name="SegmentIds">0 for the first text and 1 for the second, as long as the ids.</param>
internal readonly record struct TokenSequence(int[] Ids, int[] SegmentIds)
{
    public int Length => Ids.Length;
}

/// <summary>One training row: its tokens and what is to be learnt of it.</summary>
internal readonly record struct Example<TTarget>(TokenSequence Tokens, TTarget Target);
