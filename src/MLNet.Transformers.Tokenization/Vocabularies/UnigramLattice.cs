using System.Runtime.InteropServices;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>All ways to split a word into pieces (Kudo 2018, §3.2; sentencepiece: unigram_model.cc, Lattice). For one thread, and one word after the other.</summary>
internal sealed class UnigramLattice(UnigramPieces pieces)
{
    // Beyond it a term does not change a sum.
    private const double Negligible = 50;

    private readonly List<Node> _nodes = [];
    private readonly List<int> _best = [];
    private double[] _forward = [];
    private double[] _backward = [];
    private int[] _last = [];

    /// <summary>Adds to each piece how often it is expected in a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="weight">What one piece counts.</param>
    /// <param name="sums">The sum of each piece, rounded: whole numbers have the same sum in any order.</param>
    public void Expect(string word, double weight, long[] sums)
    {
        Read(word, mayBeWhole: true);
        _forward.AsSpan(0, word.Length + 1).Fill(double.NegativeInfinity);
        _backward.AsSpan(0, word.Length + 1).Fill(double.NegativeInfinity);
        _forward[0] = _backward[word.Length] = 0;
        ReadOnlySpan<Node> nodes = CollectionsMarshal.AsSpan(_nodes);
        foreach (Node node in nodes)
        {
            _forward[node.End] = LogOfSum(_forward[node.End], _forward[node.Start] + node.Score);
        }
        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            Node node = nodes[i];
            _backward[node.Start] = LogOfSum(_backward[node.Start], _backward[node.End] + node.Score);
        }
        foreach (Node node in nodes)
        {
            if (node.Id != UnigramPieces.Unknown)
            {
                double share = Math.Exp(_forward[node.Start] + node.Score + _backward[node.End] - _forward[word.Length]);
                sums[node.Id] += (long)Math.Round(weight * share);
            }
        }
    }

    /// <summary>The most probable way to split a word: its pieces from the last to the first.</summary>
    /// <param name="word">The word.</param>
    /// <param name="mayBeWhole">Whether the word itself may be the piece.</param>
    /// <param name="ids">The ids, <see cref="UnigramPieces.Unknown"/> among them; true until the next call.</param>
    /// <returns>The score; negative infinity where there is no way.</returns>
    public double Split(string word, bool mayBeWhole, out IReadOnlyList<int> ids)
    {
        Read(word, mayBeWhole);
        _forward.AsSpan(0, word.Length + 1).Fill(double.NegativeInfinity);
        _forward[0] = 0;
        ReadOnlySpan<Node> nodes = CollectionsMarshal.AsSpan(_nodes);
        for (int i = 0; i < nodes.Length; i++)
        {
            double score = _forward[nodes[i].Start] + nodes[i].Score;
            if (score > _forward[nodes[i].End])
            {
                (_forward[nodes[i].End], _last[nodes[i].End]) = (score, i);
            }
        }
        _best.Clear();
        for (int end = word.Length; end > 0 && double.IsFinite(_forward[end]); end = nodes[_last[end]].Start)
        {
            _best.Add(nodes[_last[end]].Id);
        }
        ids = _best;
        return _forward[word.Length];
    }

    // Nodes in the order of their starts.
    private void Read(string word, bool mayBeWhole)
    {
        if (_forward.Length <= word.Length)
        {
            (_forward, _backward, _last) = (new double[2 * (word.Length + 1)], new double[2 * (word.Length + 1)], new int[2 * (word.Length + 1)]);
        }
        _nodes.Clear();
        for (int start = 0, width; start < word.Length; start += width)
        {
            width = char.IsHighSurrogate(word[start]) && start + 1 < word.Length ? 2 : 1;
            bool isKnown = false;
            for (int end = start, node = pieces.Trie.Next(PieceTrie.Root, word[end++]); node >= 0; node = end < word.Length ? pieces.Trie.Next(node, word[end++]) : -1)
            {
                if (pieces.Trie.Value(node) is >= 0 and var id && (mayBeWhole || end - start < word.Length))
                {
                    _nodes.Add(new Node(start, end, id, pieces.All[id].Score));
                    isKnown |= end == start + width;
                }
            }
            if (!isKnown && (mayBeWhole || width < word.Length))
            {
                _nodes.Add(new Node(start, start + width, UnigramPieces.Unknown, pieces.UnknownScore));
            }
        }
    }

    private static double LogOfSum(double a, double b)
    {
        (double lower, double higher) = a < b ? (a, b) : (b, a);
        return higher - lower > Negligible || double.IsNegativeInfinity(lower) ? higher : higher + Math.Log(1 + Math.Exp(lower - higher));
    }

    private readonly record struct Node(int Start, int End, int Id, double Score);
}
