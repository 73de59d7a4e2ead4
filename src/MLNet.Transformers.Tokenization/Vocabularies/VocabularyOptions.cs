namespace MLNet.Transformers.Tokenization;

/// <summary>What the trainers of vocabularies have in common.</summary>
public abstract record VocabularyOptions
{
    private protected VocabularyOptions()
    {
    }

    /// <summary>The tokens that stand for no text, and where they stand around a text: which models the vocabulary is made for.</summary>
    public abstract SpecialTokens SpecialTokens { get; init; }

    /// <summary>Occurrences in the texts that a piece of several characters needs, at least 1.</summary>
    /// <value>2.</value>
    public int MinFrequency { get; init; } = 2;

    /// <summary>Checks the options before a text is read.</summary>
    /// <exception cref="ArgumentException">A special token stands twice, or a role or a template names one that is not there.</exception>
    internal virtual void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinFrequency, 1);
        (SpecialTokens ?? throw new ArgumentNullException(nameof(SpecialTokens), $"{nameof(SpecialTokens)} is null.")).Check();
    }

    /// <summary>Checks that a vocabulary has room for what it cannot do without.</summary>
    /// <param name="size">Most tokens.</param>
    /// <param name="needed">How many it needs beside special tokens.</param>
    /// <param name="what">What these are.</param>
    internal void CheckSize(int size, int needed, string what)
    {
        int special = SpecialTokens.All.Count();
        if (size < special + needed)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"The vocabulary is to have {size:N0} tokens, but needs {special + needed:N0} at least: {special:N0} special tokens and {needed:N0} {what}.");
        }
    }

    /// <summary>An error that says that there is nothing to learn from.</summary>
    internal static ArgumentException NoWord() => new("There is not a single word in the texts.", "texts");
}
