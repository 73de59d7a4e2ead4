using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>What a reader takes for one character, <c>\X</c> (UAX #29, extended grapheme clusters, as Oniguruma 6.9 has them: without rule GB9c).</summary>
internal static class GraphemePattern
{
    private static readonly CodePointSet _leading = CodePointSet.Of([(0x1100, 0x115F), (0xA960, 0xA97C)]);
    private static readonly CodePointSet _vowels = CodePointSet.Of([(0x1160, 0x11A7), (0xD7B0, 0xD7C6), (0x16D63, 0x16D63), (0x16D67, 0x16D6A)]);
    private static readonly CodePointSet _trailing = CodePointSet.Of([(0x11A8, 0x11FF), (0xD7CB, 0xD7FB)]);
    private static readonly CodePointSet _syllables = CodePointSet.Of(0xAC00, 0xD7A3);

    // Syllables without a trailing consonant: every 28th.
    private static readonly CodePointSet _open = CodePointSet.Of(Enumerable.Range(0, 399).Select(i => (0xAC00 + 28 * i, 0xAC00 + 28 * i)));

    public static string Write(PatternSets sets)
    {
        CodePointSet extending = Set("graphemeextend").Or(Set("emojimodifier"));
        var joiner = CodePointSet.Of(0x200D, 0x200D);
        string control = sets.Write(Set("-graphemecontrol"));
        string rest = sets.Write(extending.Or(joiner).Or(Set("-graphemespacing"))) + "*";
        string flag = sets.Write(Set("regionalindicator"));
        string emoji = sets.Write(Set("extendedpictographic"));
        string joined = $"{emoji}(?:{sets.Write(extending)}*{sets.Write(joiner)}{emoji})*";
        (string l, string v, string t) = (sets.Write(_leading), sets.Write(_vowels), sets.Write(_trailing));
        string hangul = $"{l}*(?:{v}+|{sets.Write(_open)}{v}*|{sets.Write(_syllables.And(_open.Not()))}){t}*|{l}+|{t}+";
        string any = sets.Write(Set("-graphemecontrol").Not());
        return $@"(?>\r\n|{control}|{sets.Write(Set("-graphemeprepend"))}*(?:{flag}{flag}|{hangul}|{joined}|{any}){rest})";
    }

    private static CodePointSet Set(string name) => UnicodeFile.Properties.Set(name)!;
}
