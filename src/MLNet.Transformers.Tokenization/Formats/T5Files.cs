using System.Globalization;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>T5's own file, spiece.model, with its sentinels (reference: tokenization_t5.py).</summary>
internal static class T5Files
{
    private const string SentinelBegin = "<extra_id_";
    private const int DefaultSentinels = 100;

    private static readonly Dictionary<string, string> _roles = new()
    {
        ["eos_token"] = "</s>", ["unk_token"] = "<unk>", ["pad_token"] = "<pad>",
    };

    public static TokenizerPipeline Read(SentencePieceSource source)
    {
        source.RefuseModelSettings();
        bool legacy = source.Flag("legacy", true);
        bool addsPrefix = source.Flag("add_prefix_space", true);
        var added = new OwnAddedTokens(source, _roles, Sentinels(source));
        var normalizer = new SentencePieceNormalizer(source.Model);
        TemplateItem end = TemplateItem.SpecialOnce(added.Id("eos_token"), 0);
        return new TokenizerPipeline
        {
            AddedTokens = added.Tokens,
            Normalizer = source.WithCase(legacy ? normalizer : new PrefixedOnceNormalizer(normalizer, addsPrefix)),
            Model = source.PieceModel(),
            Template = new Template([TemplateItem.Text(0, 0), end], [TemplateItem.Text(0, 0), end, TemplateItem.Text(1, 0), end]),
            Decoder = new AddedTokenDecoder(
                new T5Decoder(legacy ? source.Model : WithoutPrefix(source.Model), added.Special, addsPrefix).Create(), added.Apart),
            DefaultTokens = added.Roles,
            EmptyPairCounts = true,
        };
    }

    /// <summary>The model as it is opened where the tokenizer itself puts the blank in front.</summary>
    public static SentencePieceModel WithoutPrefix(SentencePieceModel model) => model with { Normalizer = model.Normalizer with { AddDummyPrefix = false } };

    // The first sentinel has the highest id.
    private static AddedToken[] Sentinels(SentencePieceSource source)
    {
        int count = source.Setting("extra_ids")?.Int ?? DefaultSentinels;
        int listed = source.Config.SpecialTokens.Count(token => token.Contains(SentinelBegin, StringComparison.Ordinal));
        if (listed > 0 && count > 0 && listed != count)
        {
            throw new TokenizerException($"'{source.Label}': 'extra_ids' is {count}, but the files list {listed} tokens '{SentinelBegin}N>'; expected as many.");
        }
        return
        [
            .. Enumerable.Range(0, listed > 0 ? listed : count).Select(number => new AddedToken(
                source.Model.Pieces.Count - 1 + count - number, string.Create(CultureInfo.InvariantCulture, $"{SentinelBegin}{number}>"),
                Special: true, StripsLeft: true, StripsRight: true)),
        ];
    }
}
