namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>
/// Cuts shorter texts out of those of a batch, all to about one length, which is drawn; from and to the end of a sentence where one is near (THUDM/GLM's
/// blocklm_utils.py, <c>split_samples</c>): a network that always saw full texts would not know short ones.
/// </summary>
internal static class ShortTexts
{
    private const int Shortest = 32;

    /// <param name="texts">The texts; each of the new ones, which are as many times more as they are shorter, is of one of them.</param>
    /// <param name="fullLength">Most tokens of a text. Where that is not above 32, texts stay as they are.</param>
    /// <param name="random">What is drawn from.</param>
    public static IReadOnlyList<TextBlock> Of(IReadOnlyList<TextBlock> texts, int fullLength, Random random)
    {
        if (fullLength <= Shortest)
        {
            return texts;
        }
        int length = random.Next(Shortest, fullLength);
        return [.. texts.SelectMany(text => Enumerable.Range(0, fullLength / length).Select(_ => Cut(text, length, random)))];
    }

    private static TextBlock Cut(TextBlock text, int length, Random random)
    {
        if (text.Ids.Length <= length)
        {
            return text;
        }
        int drawn = random.Next(text.Ids.Length - length);
        int start = text.SentenceEnds.LastOrDefault(place => place <= drawn);
        int sentence = text.SentenceEnds.LastOrDefault(place => place <= start + length);
        int end = sentence - start < length / 2 ? start + length : sentence;
        return TextBlock.Of(text.Ids[start..end], [.. text.SentenceEnds.Where(place => place > start && place < end).Append(end).Select(place => place - start)]);
    }
}
