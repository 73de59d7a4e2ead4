namespace MLNet.Transformers;

/// <summary>How BLEU reads texts and what it makes of runs of words that never match. The defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>What parts a text into words; by default <see cref="BleuTokenizer.Mteval13a"/>. Chinese needs <see cref="BleuTokenizer.Chinese"/>.</summary>
    public BleuTokenizer Tokenizer { get; init; } = BleuTokenizer.Mteval13a;

    /// <summary>Compare in lower case; by default not.</summary>
    public bool Lowercase { get; init; }

    /// <summary>What a length of runs counts that has no match; by default <see cref="BleuSmoothing.Exponential"/>.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>The number that <see cref="BleuSmoothing.Floor"/> puts in place of no match, or <see cref="BleuSmoothing.AddK"/> adds; null: 0.1 and 1.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>Leave out the lengths of runs for which the text is too short. Meant for single sentences; by default false.</summary>
    public bool EffectiveOrder { get; init; }

    internal BleuOptions Checked()
    {
        Check.Defined(Tokenizer, nameof(Tokenizer));
        Check.Defined(Smoothing, nameof(Smoothing));
        Check.Between(SmoothingValue ?? 0, 0, double.MaxValue, nameof(SmoothingValue));
        return this;
    }
}
