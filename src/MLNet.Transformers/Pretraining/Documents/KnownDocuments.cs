using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.Transformers.Pretraining;

/// <summary>Documents of which the first were read, to know them by, and which are read on from there.</summary>
internal sealed class KnownDocuments : IDisposable
{
    private const int KnownTexts = 1000;
    private const int KnownCharacters = 1 << 20;

    private readonly IEnumerator<DocumentText> _documents;
    private readonly List<DocumentText> _first = [];

    /// <param name="documents">Read once, the first at once.</param>
    public KnownDocuments(IEnumerable<DocumentText> documents)
    {
        _documents = documents.GetEnumerator();
        int characters = 0;
        while (_first.Count < KnownTexts && characters < KnownCharacters && _documents.MoveNext())
        {
            _first.Add(_documents.Current);
            characters += _documents.Current.Text.Length;
        }
    }

    public bool Any => _first.Count > 0;

    /// <summary>Adds the tokens of the first, which tell tokenizers apart, too.</summary>
    public void AddTo(IncrementalHash hash, DocumentEncoder encoder)
    {
        foreach (DocumentText text in _first)
        {
            int[] ids = encoder.Encode(text.Text).Ids;
            hash.AppendData(BitConverter.GetBytes(text.Continues ? -ids.Length : ids.Length));
            hash.AppendData(MemoryMarshal.AsBytes(ids.AsSpan()));
        }
    }

    /// <summary>All of them, once.</summary>
    public IEnumerable<DocumentText> Read()
    {
        foreach (DocumentText text in _first)
        {
            yield return text;
        }
        _first.Clear();
        while (_documents.MoveNext())
        {
            yield return _documents.Current;
        }
    }

    public void Dispose() => _documents.Dispose();
}
