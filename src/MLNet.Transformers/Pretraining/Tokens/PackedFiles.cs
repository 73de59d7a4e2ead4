namespace MLNet.Transformers.Pretraining;

/// <summary>Documents on their way into files of blocks, and how many they are.</summary>
/// <param name="shape">How they are cut.</param>
/// <param name="files">Where they go.</param>
internal sealed class PackedFiles(BlockShape shape, BlockFiles files)
{
    private readonly BlockPacker _packer = new(shape);
    private long _tokens;
    private long _blocks;
    private int _length;
    private int _longest;

    public int Documents { get; private set; }

    public void Add(EncodedText document)
    {
        Documents += document.Continues ? 0 : 1;
        _length = document.Ids.Length + (document.Continues ? _length : 0);
        _longest = Math.Max(_longest, _length);
        Add(_packer.Add(document));
    }

    public void Finish() => Add(_packer.Finish());

    /// <exception cref="InvalidOperationException">There is nothing to learn from, or one document where others are drawn from.</exception>
    public void Check(string what)
    {
        if (_blocks == 0)
        {
            throw new InvalidOperationException(
                $"No {what} text is long enough: the longest of {Documents:N0} has {_longest} tokens, and this objective needs {shape.Shortest}.");
        }
        if (shape.NeedsOthers && Documents == 1)
        {
            throw new InvalidOperationException(
                $"The {what} text is one document, and this objective draws text from other documents. Give a row for each document, or an objective that reads one by one.");
        }
    }

    /// <exception cref="InvalidOperationException">Nothing was held out.</exception>
    public void CheckHeldOut(double share, int kept)
    {
        if (_blocks == 0)
        {
            throw new InvalidOperationException(
                $"{nameof(TrainingOptions.ValidationShare)} is {share}, which of {kept + Documents:N0} documents is none that can be read; give a larger share or a {nameof(TrainingOptions.ValidationSet)}.");
        }
    }

    public override string ToString() =>
        $"{_tokens:N0} tokens of {Documents:N0} documents in {_blocks:N0} blocks of at most {shape.Length}{(_packer.LeftOut > 0 ? $", {_packer.LeftOut:N0} stretches of fewer than {shape.Shortest} left out" : "")}";

    private void Add(List<TextBlock> blocks)
    {
        foreach (TextBlock block in blocks)
        {
            files.Add(block);
            _tokens += block.Length;
            _blocks++;
        }
    }
}
