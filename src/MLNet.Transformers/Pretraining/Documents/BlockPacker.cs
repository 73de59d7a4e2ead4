namespace MLNet.Transformers.Pretraining;

/// <summary>Cuts documents into blocks, one after the other.</summary>
/// <param name="shape">How.</param>
internal sealed class BlockPacker(BlockShape shape)
{
    private readonly List<int> _ids = [];
    private readonly List<int> _sentences = [];
    private readonly List<(int End, int Document)> _documents = [];
    private int _document = -1;
    private bool _isOpen;

    /// <summary>Stretches that were too short for a block.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The blocks that are full before a text; what belongs to it is held back until it is known whether it goes on.</summary>
    public List<TextBlock> Add(EncodedText text)
    {
        List<TextBlock> blocks = text.Continues ? Cut(all: false) : EndDocument();
        _document += text.Continues ? 0 : 1;
        if (text.Ids.Length > 0)
        {
            int start = _ids.Count + (_isOpen || !shape.Packed ? 0 : shape.DocumentStart.Length);
            _ids.AddRange(_isOpen || !shape.Packed ? text.Ids : [.. shape.DocumentStart, .. text.Ids]);
            _sentences.AddRange(text.SentenceEnds.Select(end => start + end));
            EndAt(_ids.Count);
            _isOpen = true;
        }
        return blocks;
    }

    /// <summary>What is left.</summary>
    public List<TextBlock> Finish() => [.. EndDocument(), .. Cut(all: true)];

    private List<TextBlock> EndDocument()
    {
        if (_isOpen && shape is { Packed: true, DocumentEnd.Length: > 0 })
        {
            _ids.AddRange(shape.DocumentEnd);
            _sentences[^1] = _ids.Count;
            EndAt(_ids.Count);
        }
        _isOpen = false;
        return Cut(all: !shape.Packed);
    }

    // The document is in the list already where something of it is still held.
    private void EndAt(int end)
    {
        if (_documents is [.., var last] && last.Document == _document)
        {
            _documents[^1] = (end, _document);
        }
        else
        {
            _documents.Add((end, _document));
        }
    }

    private List<TextBlock> Cut(bool all)
    {
        var blocks = new List<TextBlock>();
        (int start, int sentence, int document) = (0, 0, 0);
        while (_ids.Count - start >= shape.Length || (all && start < _ids.Count))
        {
            int end = Math.Min(start + shape.Length, _ids.Count);
            int inside = sentence;
            while (inside < _sentences.Count && _sentences[inside] <= end)
            {
                inside++;
            }
            if (shape.WholeSentences && inside > sentence)
            {
                end = _sentences[inside - 1];
            }
            int documentsInside = document;
            while (documentsInside < _documents.Count && _documents[documentsInside].End <= end)
            {
                documentsInside++;
            }
            if (end - start >= shape.Shortest)
            {
                blocks.Add(new TextBlock(
                    [.. _ids[start..end]], Ends(_sentences[sentence..inside]), Ends([.. _documents[document..documentsInside].Select(item => item.End)]))
                {
                    Document = _documents[document].Document,
                });
            }
            else
            {
                LeftOut++;
            }
            (start, sentence, document) = (end, inside, documentsInside);

            // What goes on in the next block ends here, too.
            int[] Ends(List<int> ends) => ends is [.., var last] && last == end
                ? [.. ends.Select(place => place - start)]
                : [.. ends.Select(place => place - start), end - start];
        }
        _ids.RemoveRange(0, start);
        _sentences.RemoveRange(0, sentence);
        _documents.RemoveRange(0, document);
        for (int i = 0; i < _sentences.Count; i++)
        {
            _sentences[i] -= start;
        }
        for (int i = 0; i < _documents.Count; i++)
        {
            _documents[i] = (_documents[i].End - start, _documents[i].Document);
        }
        return blocks;
    }
}
