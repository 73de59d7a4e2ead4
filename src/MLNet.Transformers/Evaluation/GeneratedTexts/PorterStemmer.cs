namespace MLNet.Transformers.Evaluation;

/// <summary>
/// Porter's suffix stripping (Program 14.3, 1980) with the changes of NLTK's PorterStemmer in its default mode: irregular words, "ies" and "ied" of
/// words of four letters, y behind a consonant, and the suffixes "bli", "alli", "fulli" and "logi" of the second step.
/// </summary>
internal static class PorterStemmer
{
    private static readonly Dictionary<string, string> _irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news", ["innings"] = "inning",
        ["inning"] = "inning", ["outings"] = "outing", ["outing"] = "outing", ["cannings"] = "canning", ["canning"] = "canning", ["howe"] = "howe",
        ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    private static readonly (string Suffix, string Replacement)[] _second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"),
        ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"),
        ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    private static readonly (string Suffix, string Replacement)[] _third =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] _fourth =
        ["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"];

    /// <summary>The stem of a word in lower case.</summary>
    public static string Stem(string word) => _irregular.TryGetValue(word, out string? stem) ? stem
        : word.Length <= 2 ? word
        : WithoutLastE(WithoutEnding(Replace(Derived(WithFinalI(WithoutTense(Singular(word)))), _third)));

    private static string Singular(string word) => word switch
    {
        [_, 'i', 'e', 's'] => word[..^1],
        [.., 's', 's', 'e', 's'] or [.., 'i', 'e', 's'] => word[..^2],
        [.., 's', 's'] => word,
        [.., 's'] => word[..^1],
        _ => word,
    };

    private static string WithoutTense(string word)
    {
        switch (word)
        {
            case [.., 'i', 'e', 'd']:
                return word[..^(word.Length == 4 ? 1 : 2)];
            case [.., 'e', 'e', 'd']:
                return Measure(word[..^3]) > 0 ? word[..^1] : word;
            case [.., 'e', 'd'] when HasVowel(word[..^2]):
                return Completed(word[..^2]);
            case [.., 'i', 'n', 'g'] when HasVowel(word[..^3]):
                return Completed(word[..^3]);
            default:
                return word;
        }
    }

    // What "-ed" and "-ing" took from the word before them.
    private static string Completed(string stem) => stem switch
    {
        [.., 'a', 't'] or [.., 'b', 'l'] or [.., 'i', 'z'] => stem + "e",
        [.., char before, char last] when before == last && IsConsonant(stem, stem.Length - 1) => last is 'l' or 's' or 'z' ? stem : stem[..^1],
        _ => Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem,
    };

    private static string WithFinalI(string word) => word is [_, _, .., 'y'] && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string Derived(string word)
    {
        if (word.EndsWith("alli", StringComparison.Ordinal) && Measure(word[..^4]) > 0)
        {
            return Derived(word[..^2]);
        }
        string derived = Replace(word, _second);
        // The l of "logi" counts as the stem's, so that "geology" has one long enough.
        return ReferenceEquals(derived, word) && word is [.., 'l', 'o', 'g', 'i'] && Measure(word[..^3]) > 0 ? word[..^1] : derived;
    }

    // The first suffix that fits decides, whether or not its stem is long enough.
    private static string Replace(string word, (string Suffix, string Replacement)[] rules)
    {
        (string suffix, string replacement) = rules.FirstOrDefault(rule => word.EndsWith(rule.Suffix, StringComparison.Ordinal));
        return suffix is not null && Measure(word[..^suffix.Length]) > 0 ? word[..^suffix.Length] + replacement : word;
    }

    private static string WithoutEnding(string word)
    {
        string? suffix = _fourth.FirstOrDefault(suffix => word.EndsWith(suffix, StringComparison.Ordinal));
        string stem = word[..^(suffix?.Length ?? 0)];
        return suffix is null || Measure(stem) <= 1 || (suffix == "ion" && stem is not [.., 's' or 't']) ? word : stem;
    }

    private static string WithoutLastE(string word)
    {
        if (word is [.., 'e'])
        {
            int measure = Measure(word[..^1]);
            word = measure > 1 || (measure == 1 && !EndsShort(word[..^1])) ? word[..^1] : word;
        }
        return word is [.., 'l', 'l'] && Measure(word[..^1]) > 1 ? word[..^1] : word;
    }

    private static bool IsConsonant(string word, int at) => word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(word, at - 1),
        _ => true,
    };

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(i => !IsConsonant(stem, i));

    // How often a consonant follows a vowel.
    private static int Measure(string stem) => Enumerable.Range(1, Math.Max(0, stem.Length - 1)).Count(i => !IsConsonant(stem, i - 1) && IsConsonant(stem, i));

    // Consonant, vowel, consonant, as in "hop", which was "hope"; or only vowel and consonant.
    private static bool EndsShort(string word)
    {
        int last = word.Length - 1;
        return (last >= 2 && IsConsonant(word, last - 2) && !IsConsonant(word, last - 1) && IsConsonant(word, last) && word[last] is not ('w' or 'x' or 'y'))
            || (last == 1 && !IsConsonant(word, 0) && IsConsonant(word, 1));
    }
}
