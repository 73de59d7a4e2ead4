using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The own file of LLaMA 1 and 2, tokenizer.model (reference: tokenization_llama.py).</summary>
internal static class LlamaFiles
{
    private static readonly Dictionary<string, string> _roles = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["unk_token"] = "<unk>" };

    public static TokenizerPipeline Read(SentencePieceSource source)
    {
        source.RefuseModelSettings();
        bool legacy = source.Flag("legacy", true);
        bool addsPrefix = source.Flag("add_prefix_space", true);
        var added = new OwnAddedTokens(source, _roles, []);
        SentencePieceModel model = legacy ? source.Model : T5Files.WithoutPrefix(source.Model);
        var normalizer = new SentencePieceNormalizer(model);
        return new TokenizerPipeline
        {
            AddedTokens = added.Tokens,
            Normalizer = source.WithCase(legacy ? normalizer : new PrefixedOnceNormalizer(normalizer, addsPrefix)),
            Model = source.PieceModel(),
            Template = new Template(Sequence(source, added, 0), [.. Sequence(source, added, 0), .. Sequence(source, added, 1)]),
            Decoder = new AddedTokenDecoder(new LlamaDecoder(model, added.Special, addsPrefix, legacy).Create(), added.Apart),
            DefaultTokens = added.Roles,
            EmptyPairCounts = true,
        };
    }

    private static List<TemplateItem> Sequence(SentencePieceSource source, OwnAddedTokens added, int sequence)
    {
        List<TemplateItem> items = [TemplateItem.Text(sequence, sequence)];
        if (source.Flag("add_bos_token", true))
        {
            items.Insert(0, TemplateItem.Special(added.Id("bos_token"), sequence));
        }
        if (source.Flag("add_eos_token", false))
        {
            items.Add(TemplateItem.Special(added.Id("eos_token"), sequence));
        }
        return items;
    }
}
