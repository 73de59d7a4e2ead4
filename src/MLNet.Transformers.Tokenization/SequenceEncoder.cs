using System.Diagnostics.CodeAnalysis;
using MLNet.Transformers.Tokenization.PostProcessors;

namespace MLNet.Transformers.Tokenization;

/// <summary>Encodes texts and pairs of texts: what is kept where they are too long, and the special tokens around them.</summary>
/// <param name="splitter">Splits a text into pieces.</param>
/// <param name="pipeline">The tokenizer's parts.</param>
/// <param name="cutSide">The end that is cut.</param>
/// <param name="tokenOf">The token of an id.</param>
internal sealed class SequenceEncoder(TextSplitter splitter, TokenizerPipeline pipeline, Side cutSide, Func<int, string> tokenOf)
{
    public TokenEncoding Encode(string text, string? pair, EncodeOptions options)
    {
        // One more than fits, so that a text which is cut is known to be.
        int enough = Math.Min(options.MaxTokens ?? int.MaxValue, int.MaxValue - 1) + 1;
        PieceRange first = Read(text, enough);
        PieceRange? second = HasPair(pair) ? Read(pair, enough) : null;
        IReadOnlyList<TemplateItem> template = TemplateFor(second is not null, options);
        int room = Room(template, options);
        (int keepFirst, int keepSecond) = Truncation.Keep(first.Length, second?.Length, room, options.Truncation);
        PieceRange none = new(new PieceList(), 0, 0);
        TokenEncoding encoding = EncodingAssembler.Assemble(template, pipeline.Template.Trims, Cut(first, keepFirst), Cut(second ?? none, keepSecond), tokenOf);
        encoding.DroppedTokens = first.Length - keepFirst + (second?.Length ?? 0) - keepSecond;
        return encoding;
    }

    public IReadOnlyList<TokenEncoding> EncodeWindows(string text, string? pair, EncodeOptions options)
    {
        bool hasPair = HasPair(pair);
        if (hasPair && options.Truncation == TruncationStrategy.LongestFirst)
        {
            throw new ArgumentException("Windows over a pair need Truncation OnlyFirst or OnlySecond, so that it is clear which text is cut; found LongestFirst.");
        }
        int enough = options.StopAtMaxTokens && options.MaxTokens is { } most ? most : int.MaxValue;
        (PieceRange first, PieceRange second) = (Read(text, enough), Read(hasPair ? pair ?? "" : "", enough));
        IReadOnlyList<TemplateItem> template = TemplateFor(hasPair, options);
        bool cutSecond = hasPair && options.Truncation == TruncationStrategy.OnlySecond;
        (PieceRange cut, PieceRange other) = cutSecond ? (second, first) : (first, second);
        int room = Room(template, options) - other.Length;
        if (room <= options.Stride && cut.Length > room)
        {
            throw new ArgumentException($"A window has room for {Math.Max(0, room)} tokens of the text that is cut, which is not more than Stride ({options.Stride}). Use a larger MaxTokens or a smaller Stride.");
        }
        return
        [
            .. Truncation.Windows(cut.Length, room, options.Stride, cutSide).Select(window =>
            {
                PieceRange part = cut with { Start = cut.Start + window.Start, Length = window.Length };
                return EncodingAssembler.Assemble(template, pipeline.Template.Trims, cutSecond ? other : part, cutSecond ? part : other, tokenOf);
            }),
        ];
    }

    private bool HasPair([NotNullWhen(true)] string? pair) => pair is { Length: > 0 } || (pair is not null && pipeline.EmptyPairCounts);

    // A text up to where there are enough tokens, from the end that is not cut.
    private PieceRange Read(string text, int enough)
    {
        PieceList pieces = splitter.Split(text, cutSide == Side.Right ? enough : int.MaxValue);
        int start = cutSide == Side.Right ? 0 : pieces.StartOfLast(enough);
        return new PieceRange(pieces, start, pieces.Count - start);
    }

    private PieceRange Cut(PieceRange text, int keep) => text with { Start = cutSide == Side.Right ? text.Start : text.Start + text.Length - keep, Length = keep };

    private IReadOnlyList<TemplateItem> TemplateFor(bool pair, EncodeOptions options) =>
        pipeline.Template.For(pair, options.AddSpecialTokens);

    private static int Room(IReadOnlyList<TemplateItem> template, EncodeOptions options)
    {
        int special = template.Sum(item => item.Ids.Length);
        int room = (options.MaxTokens ?? int.MaxValue) - special;
        return room >= 0 ? room : throw new ArgumentException($"MaxTokens is {options.MaxTokens}, but the special tokens alone are {special}.");
    }
}
