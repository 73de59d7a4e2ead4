using System.Globalization;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>
/// ChatGLM-6B's own file, ice_text.model: line ends, tabs and runs of blanks are tokens, ids begin behind those of images, a text is
/// A [gMASK] &lt;sop&gt;, and an answer follows as B &lt;eop&gt; (THUDM/chatglm-6b: tokenization_chatglm.py).
/// </summary>
internal static class ChatGlmFiles
{
    private const int DefaultImageTokens = 20000;

    private static readonly Dictionary<string, string> _roles = new()
    {
        ["bos_token"] = "<sop>", ["eos_token"] = "<eop>", ["mask_token"] = "[MASK]", ["pad_token"] = "<pad>", ["unk_token"] = "<unk>",
    };

    public static TokenizerPipeline Read(SentencePieceSource source)
    {
        if (source.Setting("remove_space") is { Bool: true } removed)
        {
            throw removed.InvalidValue("false, for removing blanks is not supported");
        }
        int images = source.Setting("num_image_tokens")?.Id ?? DefaultImageTokens;
        var model = new ShiftedPieceModel(source.PieceModel(), images, id => string.Create(CultureInfo.InvariantCulture, $"<image_{id}>"));
        Dictionary<string, string> roles = _roles.ToDictionary(role => role.Key, role => source.Config.Role(role.Key) ?? role.Value);
        Dictionary<string, int> ids = roles.ToDictionary(role => role.Key, role => Id(role.Value, role.Key));
        int begin = ids["bos_token"], end = ids["eos_token"];
        int mask = Id(source.Setting("gmask_token")?.Text ?? "[gMASK]", "gmask_token");
        TemplateItem[] single = [TemplateItem.Text(0, 0), new TemplateItem(null, [mask, begin], 0)];
        return new TokenizerPipeline
        {
            AddedTokens = AddedTokens(roles, model.Vocabulary, source.Config),
            Normalizer = new SequenceNormalizer([BlankTokenNormalizer.Instance, source.WithCase(new SentencePieceNormalizer(source.Model))]),
            Model = model,
            Template = new Template(single, [.. single, TemplateItem.Text(1, 0), TemplateItem.Special(end, 0)]),
            Decoder = new SequenceDecoder(new SentencePieceDecoder(source.Model), new BlankTokenDecoder()),
            DefaultTokens = roles,
        };

        int Id(string token, string role) => model.Vocabulary.TryGetValue(token, out int id)
            ? id
            : throw new TokenizerException($"'{source.Label}' has {source.Model.Pieces.Count:N0} pieces, but not the {role} '{token}'.");
    }

    // Roles are pieces of the model, and not looked for in texts, as other tokens of the files are.
    private static IReadOnlyList<AddedToken> AddedTokens(Dictionary<string, string> roles, IReadOnlyDictionary<string, int> pieces, TokenizerConfig config) =>
        new AddedTokenList(pieces)
            .Add(roles.Values.Select(token => new AddedToken(pieces[token], token, Special: true) { Searched = false }))
            .Add(config.AddedTokens.Where(token => !pieces.ContainsKey(token.Content)).Select(token => token with { Normalized = false }))
            .AddSpecial(config.SpecialTokens.Where(token => !pieces.ContainsKey(token))).Tokens;
}
