namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts a normalized text into words, each of which the piece model splits by itself.</summary>
internal interface IPreTokenizer
{
    /// <summary>Appends the words of a text.</summary>
    void Split(TextSlice text, List<TextSlice> words);

    /// <summary>What is left of it where texts are not to be cut: it still writes them in its way. Null: nothing.</summary>
    IPreTokenizer? WithoutCuts => null;

    /// <summary>Appends the words of texts that another pre-tokenizer cut.</summary>
    void Split(List<TextSlice> texts, List<TextSlice> words)
    {
        foreach (TextSlice text in texts)
        {
            Split(text, words);
        }
    }
}

/// <summary>One after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> parts) : IPreTokenizer
{
    public IPreTokenizer? WithoutCuts => new SequencePreTokenizer([.. parts.Select(part => part.WithoutCuts).OfType<IPreTokenizer>()]);

    public void Split(TextSlice text, List<TextSlice> words)
    {
        List<TextSlice> current = [text];
        foreach (IPreTokenizer part in parts)
        {
            var next = new List<TextSlice>(current.Count);
            part.Split(current, next);
            current = next;
        }
        words.AddRange(current);
    }
}
