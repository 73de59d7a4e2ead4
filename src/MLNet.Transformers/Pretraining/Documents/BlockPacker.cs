namespace MLNet.Transformers.Pretraining;

/// <summary>Cuts documents into blocks, one after the other.</summary>
/// <param name="shape">How.</param>
internal sealed class BlockPacker(BlockShape shape)
{
    private readonly List<int> _ids = [];
    private readonly List<int> _sentences = [];
    private readonly List<(int End, int Document)> _documents = [];
    private int _document = -1;

    /// <summary>Stretches that were too short for a block.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The blocks that are full with another document; the rest is held back where blocks are packed.</summary>
    public List<TextBlock> Add(EncodedText document)
    {
        _document++;
        if (document.Ids.Length == 0)
        {
            return [];
        }
        int start = _ids.Count + (shape.Packed ? shape.DocumentStart.Length : 0);
        _ids.AddRange(shape.Packed ? [.. shape.DocumentStart, .. document.Ids, .. shape.DocumentEnd] : document.Ids);
        _sentences.AddRange(document.SentenceEnds.SkipLast(1).Select(end => start + end));
        _sentences.Add(_ids.Count);
        _documents.Add((_ids.Count, _document));
        return Cut(all: !shape.Packed);
    }

    /// <summary>What is left.</summary>
    public List<TextBlock> Finish() => Cut(all: true);

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
