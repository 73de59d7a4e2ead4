using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>
/// Writes rules as SentencePiece's precompiled_charsmap, which <see cref="CharacterMap"/> reads: a double array in blocks of 256 units, in which the
/// children of a node lie at its base, each exclusive-or'd with its byte (darts-clone: include/darts.h).
/// </summary>
internal sealed class CharacterMapWriter
{
    private const int Block = 256;
    private const uint HasLeaf = 1 << 8;
    private const uint IsLeaf = 1u << 31;
    private const int OffsetShift = 10;

    private readonly List<uint> _units = [.. new uint[Block]];
    private readonly HashSet<int> _taken = [0];
    private readonly HashSet<int> _bases = [0];

    private CharacterMapWriter()
    {
    }

    /// <param name="rules">What is replaced, each once and none empty or with a zero, and what by. Offsets have 21 bits: there may be some thousands.</param>
    public static byte[] Write(IReadOnlyList<(string Text, string Replacement)> rules)
    {
        using var replacements = new MemoryStream();
        List<(byte[] Key, uint Value)> keys = [];
        foreach ((string text, string replacement) in rules)
        {
            keys.Add((Encoding.UTF8.GetBytes(text), (uint)replacements.Length));
            replacements.Write([.. Encoding.UTF8.GetBytes(replacement), 0]);
        }
        var writer = new CharacterMapWriter();
        writer.Place(0, keys, depth: 0);
        var content = new byte[sizeof(uint) * (writer._units.Count + 1)];
        BinaryPrimitives.WriteInt32LittleEndian(content, sizeof(uint) * writer._units.Count);
        for (int i = 0; i < writer._units.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(sizeof(uint) * (i + 1)), writer._units[i]);
        }
        return [.. content, .. replacements.ToArray()];
    }

    // A key that ends at the node is a child of the byte zero.
    private void Place(int node, List<(byte[] Key, uint Value)> keys, int depth)
    {
        ILookup<byte, (byte[] Key, uint Value)> children = keys.ToLookup(key => key.Key.Length == depth ? (byte)0 : key.Key[depth]);
        int at = FreeBase([.. children.Select(group => group.Key)]);
        _units[node] |= (uint)(node ^ at) << OffsetShift;
        foreach (IGrouping<byte, (byte[] Key, uint Value)> group in children)
        {
            _taken.Add(at ^ group.Key);
            _units[at ^ group.Key] = group.Key == 0 ? IsLeaf | group.Single().Value : group.Key;
            _units[node] |= group.Key == 0 ? HasLeaf : 0;
        }
        foreach (IGrouping<byte, (byte[] Key, uint Value)> group in children.Where(group => group.Key != 0))
        {
            Place(at ^ group.Key, [.. group], depth + 1);
        }
    }

    // A base is of one node only: a byte alone does not tell whose child it is.
    private int FreeBase(byte[] bytes)
    {
        int at = 1;
        while (_bases.Contains(at) || bytes.Any(value => _taken.Contains(at ^ value)))
        {
            at++;
        }
        _bases.Add(at);
        while (_units.Count <= (at | (Block - 1)))
        {
            _units.AddRange(new uint[Block]);
        }
        return at;
    }
}
