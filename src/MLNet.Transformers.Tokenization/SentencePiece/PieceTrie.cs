namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>Texts and their values as a tree of UTF-16 units, kept as a double array: one look into memory a unit (Aoe 1989).</summary>
internal sealed class PieceTrie
{
    /// <summary>The node before the first unit.</summary>
    public const int Root = 0;

    // Units by how many nodes they lead to: the most frequent is 1; 0 leads nowhere.
    private readonly ushort[] _codes;
    private readonly Node[] _nodes;

    /// <param name="entries">Texts and their values, 0 or more; of equal texts the last counts, and empty ones are left out.</param>
    public PieceTrie(IEnumerable<(string Text, int Value)> entries)
    {
        (string Text, int Value)[] sorted = [.. entries.Where(entry => entry.Text.Length > 0)];
        // A stable sort: equal texts keep their order.
        sorted = [.. sorted.OrderBy(entry => entry.Text, StringComparer.Ordinal)];
        (_codes, _nodes) = new PieceTrieBuilder(sorted).Build();
    }

    /// <summary>The node that a unit leads to; negative: none.</summary>
    public int Next(int node, char unit)
    {
        int code = _codes[unit];
        int next = _nodes[node].Base + code;
        return code != 0 && _nodes[next].Parent == node ? next : -1;
    }

    /// <summary>The value of the text that ends at a node; negative: none does.</summary>
    public int Value(int node) => _nodes[node].Value;

    /// <summary>The value of a text; negative: it is not there.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        int node = Root;
        foreach (char unit in text)
        {
            node = Next(node, unit);
            if (node < 0)
            {
                return -1;
            }
        }
        return Value(node);
    }

    /// <summary>The longest text that another begins with: its units, 0 where there is none, and its value.</summary>
    public int LongestPrefix(ReadOnlySpan<char> text, out int value)
    {
        (int longest, value) = (0, -1);
        int node = Root;
        for (int i = 0; i < text.Length; i++)
        {
            node = Next(node, text[i]);
            if (node < 0)
            {
                break;
            }
            if (Value(node) is >= 0 and var found)
            {
                (longest, value) = (i + 1, found);
            }
        }
        return longest;
    }

    /// <summary>A node: where the nodes behind it begin, the node before it, and the value of the text that ends here.</summary>
    internal struct Node
    {
        public int Base;
        public int Parent;
        public int Value;
    }
}
