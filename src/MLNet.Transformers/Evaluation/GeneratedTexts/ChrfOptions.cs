namespace MLNet.Transformers;

/// <summary>What chrF compares. The defaults are sacreBLEU's chrF2; <see cref="PlusPlus"/> is chrF++.</summary>
public sealed record ChrfOptions
{
    /// <summary>chrF++ (Popović 2017): runs of one and two words too.</summary>
    public static ChrfOptions PlusPlus { get; } = new() { WordOrder = 2 };

    /// <summary>Longest runs of characters; 6 by default.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>Longest runs of words; 0 by default: none.</summary>
    public int WordOrder { get; init; }

    /// <summary>How many times as much recall counts as precision; 2 by default.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Compare in lower case; by default not.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Let white space be characters too; by default it is left out.</summary>
    public bool Whitespace { get; init; }

    /// <summary>
    /// Take the mean of each length's score, a length for which the texts are too short counting next to nothing, as chrF++.py, Moses and NLTK do;
    /// by default such lengths are left out, and the score is made of the mean precision and the mean recall.
    /// </summary>
    public bool EpsilonSmoothing { get; init; }

    internal ChrfOptions Checked()
    {
        Check.AtLeast(CharacterOrder, 1, nameof(CharacterOrder));
        Check.AtLeast(WordOrder, 0, nameof(WordOrder));
        Check.AtLeast(Beta, 1, nameof(Beta));
        return this;
    }
}
