namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts a normalized text into words, each of which the piece model splits by itself.</summary>
internal interface IPreTokenizer
{
    void Split(TextSlice text, List<TextSlice> words);
}

/// <summary>One after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> parts) : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        List<TextSlice> current = [text];
        foreach (IPreTokenizer part in parts)
        {
            var next = new List<TextSlice>(current.Count);
            foreach (TextSlice slice in current)
            {
                part.Split(slice, next);
            }
            current = next;
        }
        words.AddRange(current);
    }
}
