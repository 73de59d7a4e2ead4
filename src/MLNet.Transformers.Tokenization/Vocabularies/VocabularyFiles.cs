using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>Writes a trained vocabulary as the files of a tokenizer.</summary>
/// <param name="special">Its special tokens.</param>
/// <param name="pipeline">What is around the pieces.</param>
/// <param name="pieces">Number of pieces, the first special tokens included: the ids of the last begin there.</param>
internal sealed class VocabularyFiles(SpecialTokens special, PipelineJson pipeline, int pieces)
{
    private static readonly JsonSerializerOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tokenizer of the vocabulary.</summary>
    /// <param name="model">The model of tokenizer.json, an object that is written as JSON.</param>
    /// <param name="more">Further files.</param>
    /// <param name="settings">Further keys of tokenizer_config.json.</param>
    public TextEncoder Open(object model, IReadOnlyDictionary<string, byte[]>? more = null, IReadOnlyDictionary<string, object>? settings = null) =>
        TextEncoder.FromFiles(new Dictionary<string, byte[]>(more ?? new Dictionary<string, byte[]>())
        {
            [TokenizerJson.FileName] = Bytes(new
            {
                version = "1.0",
                truncation = (object?)null,
                padding = (object?)null,
                added_tokens = special.All.Select(token => new Dictionary<string, object>(AddedToken(token)) { ["id"] = Id(token) }),
                normalizer = pipeline.Normalizer,
                pre_tokenizer = pipeline.PreTokenizer,
                post_processor = pipeline.Trims is { } trims ? new { type = "Sequence", processors = new[] { trims, Template() } } : Template(),
                decoder = pipeline.Decoder,
                model,
            }),
            [TokenizerConfig.FileName] = Bytes(Config(settings)),
        });

    private static byte[] Bytes(object json) => JsonSerializer.SerializeToUtf8Bytes(json, _options);

    private Dictionary<string, object> AddedToken(string token)
    {
        bool strips = special.LastStrip && special.Last.Contains(token);
        bool isMask = pipeline.MaskStripsLeft && special.Roles.GetValueOrDefault("mask_token") == token;
        return new Dictionary<string, object>
        {
            ["content"] = token, ["single_word"] = false, ["lstrip"] = strips || isMask, ["rstrip"] = strips, ["normalized"] = false, ["special"] = true,
        };
    }

    private int Id(string token)
    {
        int place = special.All.TakeWhile(other => other != token).Count();
        return place < special.First.Count ? place : pieces + place - special.First.Count;
    }

    private object Template()
    {
        IEnumerable<string> used = SpecialTokens.Parts(special.Single).Concat(SpecialTokens.Parts(special.Pair))
            .Where(part => part.Sequence is null).Select(part => part.Name).Distinct(StringComparer.Ordinal);
        return new
        {
            type = "TemplateProcessing",
            single = Items(special.Single),
            pair = Items(special.Pair),
            special_tokens = used.ToDictionary(token => token, token => new { id = token, ids = new[] { Id(token) }, tokens = new[] { token } }),
        };

        static IEnumerable<object> Items(string template) => SpecialTokens.Parts(template).Select(part => part.Sequence is { } text
            ? (object)new { Sequence = new { id = text, type_id = part.Type } }
            : new { SpecialToken = new { id = part.Name, type_id = part.Type } });
    }

    private Dictionary<string, object> Config(IReadOnlyDictionary<string, object>? settings)
    {
        var config = new Dictionary<string, object>(settings ?? new Dictionary<string, object>())
        {
            ["tokenizer_class"] = special.ClassName,
            ["clean_up_tokenization_spaces"] = false,
            ["added_tokens_decoder"] = special.All.ToDictionary(token => Id(token).ToString(CultureInfo.InvariantCulture), AddedToken),
            ["additional_special_tokens"] = special.All.Except(special.Roles.Values),
            ["padding_side"] = special.PaddingSide == Side.Left ? "left" : "right",
        };
        foreach ((string role, string token) in special.Roles)
        {
            config[role] = token;
        }
        return config;
    }
}
