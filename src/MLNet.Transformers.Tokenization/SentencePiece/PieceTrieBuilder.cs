namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>Lays the nodes of a <see cref="PieceTrie"/> out so that the children of each lie in places that no other node takes.</summary>
/// <param name="entries">Texts in ordinal order; of equal texts the last counts.</param>
internal sealed class PieceTrieBuilder((string Text, int Value)[] entries)
{
    private const int Free = -2;

    // Where so many places did not do, later nodes with several children are not tried there again.
    private const int MostTrials = 512;

    private readonly ushort[] _codes = new ushort[char.MaxValue + 1];
    private PieceTrie.Node[] _nodes = [];
    private int[] _nextFree = [];
    private int[] _previousFree = [];
    private int _firstFree = 1;
    private int _searchFrom = 1;
    private int _alphabet;

    public (ushort[] Codes, PieceTrie.Node[] Nodes) Build()
    {
        NumberUnits();
        Grow(Math.Max(1024, 2 * _alphabet));
        Take(PieceTrie.Root, parent: -1);
        var open = new Queue<(int Node, int From, int To, int Depth)>([(PieceTrie.Root, 0, entries.Length, 0)]);
        List<(int Code, int From, int To)> children = [];
        int last = 0;
        while (open.TryDequeue(out (int Node, int From, int To, int Depth) range))
        {
            Children(range.From, range.To, range.Depth, range.Node, children);
            if (children.Count == 0)
            {
                continue;
            }
            int place = FindPlace(children);
            _nodes[range.Node].Base = place;
            foreach ((int code, int from, int to) in children)
            {
                Take(place + code, range.Node);
                last = Math.Max(last, place + code);
                open.Enqueue((place + code, from, to, range.Depth + 1));
            }
        }
        // Any base and any code stay within the array.
        Array.Resize(ref _nodes, last + _alphabet + 2);
        return (_codes, _nodes);
    }

    private void NumberUnits()
    {
        var counts = new int[char.MaxValue + 1];
        foreach ((string text, _) in entries)
        {
            foreach (char unit in text)
            {
                counts[unit]++;
            }
        }
        foreach (int unit in Enumerable.Range(0, counts.Length).Where(unit => counts[unit] > 0).OrderByDescending(unit => counts[unit]).ThenBy(unit => unit))
        {
            _codes[unit] = (ushort)++_alphabet;
        }
    }

    // The children of a node in the order of their codes; texts that end at the node give it its value.
    private void Children(int from, int to, int depth, int node, List<(int Code, int From, int To)> children)
    {
        children.Clear();
        for (; from < to && entries[from].Text.Length == depth; from++)
        {
            _nodes[node].Value = entries[from].Value;
        }
        while (from < to)
        {
            int start = from;
            char unit = entries[from].Text[depth];
            while (from < to && entries[from].Text[depth] == unit)
            {
                from++;
            }
            children.Add((_codes[unit], start, from));
        }
        children.Sort((a, b) => a.Code.CompareTo(b.Code));
    }

    private int FindPlace(List<(int Code, int From, int To)> children)
    {
        int first = children[0].Code;
        int last = children[^1].Code;
        int trials = 0;
        for (int at = children.Count == 1 ? _firstFree : Math.Max(_firstFree, _searchFrom); ; at = _nextFree[at], trials++)
        {
            while (at + last - first + 1 >= _nodes.Length)
            {
                Grow(2 * _nodes.Length);
            }
            if (_nodes[at].Parent == Free && at >= first && Fits(at - first, children))
            {
                _searchFrom = trials > MostTrials ? at : _searchFrom;
                return at - first;
            }
        }
    }

    private bool Fits(int place, List<(int Code, int From, int To)> children)
    {
        foreach ((int code, _, _) in children)
        {
            if (_nodes[place + code].Parent != Free)
            {
                return false;
            }
        }
        return true;
    }

    private void Take(int node, int parent)
    {
        (_nodes[node].Parent, _nodes[node].Base, _nodes[node].Value) = (parent, 0, -1);
        (int previous, int next) = (_previousFree[node], _nextFree[node]);
        _nextFree[previous] = next;
        _previousFree[next] = previous;
        if (node == _firstFree)
        {
            _firstFree = next;
        }
        // A search may begin at a place that was taken: from there the list leads on.
    }

    private void Grow(int size)
    {
        int old = _nodes.Length;
        Array.Resize(ref _nodes, size);
        // One more: the end of the list is a place of its own.
        Array.Resize(ref _nextFree, size + 1);
        Array.Resize(ref _previousFree, size + 1);
        for (int i = old; i < size; i++)
        {
            _nodes[i] = new PieceTrie.Node { Parent = Free, Value = -1 };
            (_previousFree[i + 1], _nextFree[i]) = (i, i + 1);
        }
    }
}
