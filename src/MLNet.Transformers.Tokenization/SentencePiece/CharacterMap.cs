using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>
/// Rules that replace characters: SentencePiece's precompiled_charsmap, a double array over UTF-8 bytes followed by the replacements, each closed
/// by a zero (sentencepiece: normalizer.cc; the units are darts-clone's).
/// </summary>
internal sealed class CharacterMap
{
    // No rule of the published maps is longer than 18 bytes, and none has more than a few tens of thousands.
    private const int LongestKey = 256;
    private const int MostRules = 1 << 20;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PieceTrie _rules;
    private readonly string[] _replacements;

    /// <param name="rules">What is replaced, and what by.</param>
    public CharacterMap(IReadOnlyList<(string Text, string Replacement)> rules)
    {
        _rules = new PieceTrie(rules.Select((rule, index) => (rule.Text, index)));
        _replacements = [.. rules.Select(rule => rule.Replacement)];
    }

    /// <param name="content">The map; empty: there are no rules.</param>
    /// <param name="place">What errors call it.</param>
    public static CharacterMap? Read(ReadOnlySpan<byte> content, string place)
    {
        if (content.Length == 0)
        {
            return null;
        }
        uint size = content.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(content) : 0;
        if (size is 0 || size % sizeof(uint) != 0 || size >= content.Length - sizeof(uint))
        {
            throw new TokenizerException($"{place} says that its double array has {size} bytes; expected a multiple of 4 that the {content.Length} bytes have room for.");
        }
        ReadOnlySpan<byte> units = content.Slice(sizeof(uint), (int)size);
        var array = new uint[size / sizeof(uint)];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = BinaryPrimitives.ReadUInt32LittleEndian(units[(sizeof(uint) * i)..]);
        }
        return new CharacterMap(new RuleReader(array, content[(sizeof(uint) + (int)size)..], place).Read());
    }

    /// <summary>The longest rule that a text begins with: its units, 0 where there is none, and what they are replaced by.</summary>
    public int Longest(ReadOnlySpan<char> text, out string replacement)
    {
        int length = _rules.LongestPrefix(text, out int rule);
        replacement = length == 0 ? "" : _replacements[rule];
        return length;
    }

    /// <summary>What the shortest rule that a text begins with replaces by; null where there is none.</summary>
    public string? Shortest(ReadOnlySpan<char> text)
    {
        int node = PieceTrie.Root;
        foreach (char unit in text)
        {
            node = _rules.Next(node, unit);
            if (node < 0)
            {
                return null;
            }
            if (_rules.Value(node) is >= 0 and var rule)
            {
                return _replacements[rule];
            }
        }
        return null;
    }

    /// <summary>ASCII that stays as it is before other ASCII: no rule begins with it that the next character could not rule out.</summary>
    public bool KeepsBeforeAscii(char ascii)
    {
        int node = _rules.Next(PieceTrie.Root, ascii);
        return node < 0 || (_rules.Value(node) < 0 && Enumerable.Range(0, 0x80).All(next => _rules.Next(node, (char)next) < 0));
    }

    /// <summary>Walks the double array and lists its rules.</summary>
    private ref struct RuleReader(uint[] units, ReadOnlySpan<byte> replacements, string place)
    {
        private readonly ReadOnlySpan<byte> _replacements = replacements;
        private readonly List<(string, string)> _rules = [];
        private int _visited;

        public List<(string Text, string Replacement)> Read()
        {
            Span<byte> key = stackalloc byte[LongestKey];
            Visit(Offset(units[0]), key, 0);
            return _rules;
        }

        private static int Offset(uint unit) => (int)((unit >> 10) << (int)((unit & 0x200) >> 6));

        private void Visit(int node, scoped Span<byte> key, int depth)
        {
            if (depth == LongestKey || ++_visited > MostRules)
            {
                throw new TokenizerException($"{place} is damaged: its double array leads on and on.");
            }
            for (int label = 1; label <= byte.MaxValue; label++)
            {
                int next = node ^ label;
                if ((uint)next >= (uint)units.Length || (units[next] & 0x800000FFu) != (uint)label)
                {
                    continue;
                }
                key[depth] = (byte)label;
                int children = next ^ Offset(units[next]);
                if ((units[next] & 0x100) != 0)
                {
                    AddRule(key[..(depth + 1)], children);
                }
                Visit(children, key, depth + 1);
            }
        }

        private readonly void AddRule(scoped ReadOnlySpan<byte> key, int leaf)
        {
            long at = (uint)leaf < (uint)units.Length ? units[leaf] & 0x7FFFFFFF : long.MaxValue;
            ReadOnlySpan<byte> rest = at < _replacements.Length ? _replacements[(int)at..] : throw Damaged(key, "has no replacement");
            int end = rest.IndexOf((byte)0);
            try
            {
                _rules.Add((_strict.GetString(key), _strict.GetString(rest[..(end < 0 ? rest.Length : end)])));
            }
            catch (DecoderFallbackException error)
            {
                throw new TokenizerException(Damaged(key, "is not valid UTF-8, or what it is replaced by").Message, error);
            }
        }

        private readonly TokenizerException Damaged(scoped ReadOnlySpan<byte> key, string what) =>
            new($"{place} is damaged: the rule for the bytes {Convert.ToHexString(key)} {what}.");
    }
}
