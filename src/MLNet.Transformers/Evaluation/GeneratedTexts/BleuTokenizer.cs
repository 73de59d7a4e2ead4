namespace MLNet.Transformers;

/// <summary>What parts a text into the words that BLEU compares, by sacreBLEU's names.</summary>
public enum BleuTokenizer
{
    /// <summary>"13a": punctuation apart from words, but not between digits (mteval-v13a.pl, used by WMT).</summary>
    Mteval13a,

    /// <summary>"zh": each Chinese character a word, the rest as in 13a.</summary>
    Chinese,

    /// <summary>"char": each character a word.</summary>
    Characters,

    /// <summary>"intl": punctuation and symbols of all of Unicode apart from words (mteval-v14.pl --international-tokenization).</summary>
    International,

    /// <summary>"none": what stands between white space.</summary>
    None,
}
