using System.Security.Cryptography;
using System.Text;

namespace MLNet.Transformers.Pretraining;

/// <summary>Documents of which the first were read, to know them by, and which are read on from there.</summary>
internal sealed class KnownDocuments : IDisposable
{
    private const int Known = 1000;

    private readonly IEnumerator<string> _documents;
    private readonly List<string> _first = [];

    /// <param name="documents">Read once, the first at once.</param>
    public KnownDocuments(IEnumerable<string> documents)
    {
        _documents = documents.GetEnumerator();
        while (_first.Count < Known && _documents.MoveNext())
        {
            _first.Add(_documents.Current);
        }
    }

    public bool Any => _first.Count > 0;

    public void AddTo(IncrementalHash hash)
    {
        foreach (string text in _first)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    /// <summary>All of them, once.</summary>
    public IEnumerable<string> Read()
    {
        foreach (string text in _first)
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
