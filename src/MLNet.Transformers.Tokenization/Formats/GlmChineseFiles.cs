using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>
/// The own files of the Chinese GLM of 2022: cog-pretrain.model, and its special tokens in added_tokens.json. A text is [CLS] A &lt;|endoftext|&gt;
/// (THUDM/GLM: tokenization_glm.py, GLMChineseTokenizer, which knows no pairs; a pair is put together as its comment says: [CLS] A [SEP] B and the end).
/// </summary>
internal static class GlmChineseFiles
{
    private static readonly Dictionary<string, string> _roles = new();

    public static TokenizerPipeline Read(SentencePieceSource source)
    {
        // The reference of its time adds no unknown token: what is unknown has the model's own.
        var added = new OwnAddedTokens(source, _roles, [], neverAdded: source.Config.Role("unk_token"));
        TemplateItem begin = TemplateItem.Special(added.Id("cls_token"), 0);
        int end = added.Id("eos_token");
        return new TokenizerPipeline
        {
            AddedTokens = added.Tokens,
            Normalizer = source.WithCase(new SentencePieceNormalizer(source.Model)),
            Model = source.PieceModel(),
            Template = new Template(
                [begin, TemplateItem.Text(0, 0), TemplateItem.Special(end, 0)],
                [
                    begin, TemplateItem.Text(0, 0), TemplateItem.Special(added.Id("sep_token"), 0), TemplateItem.Text(1, 1),
                    TemplateItem.Special(end, 1),
                ]),
            Decoder = new AddedTokenDecoder(new SentencePieceDecoder(source.Model), added.Apart),
            DefaultTokens = source.Model.Roles,
        };
    }
}
