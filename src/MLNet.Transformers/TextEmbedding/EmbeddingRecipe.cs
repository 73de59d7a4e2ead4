using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.TextEmbedding;

/// <summary>What a folder of sentence-transformers says of how a text becomes a vector.</summary>
/// <param name="Pooling">How the vectors of the tokens become one.</param>
/// <param name="Normalize">Whether it is divided by its length.</param>
/// <param name="MaxTokens">Most tokens of a text; null: as many as the network takes.</param>
/// <param name="LowerCase">Whether texts are put in lower case first.</param>
internal sealed record EmbeddingRecipe(EmbeddingPooling Pooling, bool Normalize, int? MaxTokens, bool LowerCase = false)
{
    private const string Modules = "modules.json";
    private const string PoolingFolder = "1_Pooling";
    private const string NormalizeFolder = "2_Normalize";
    private const string Config = "config.json";
    private const string Limits = "sentence_bert_config.json";
    private const string Prefix = "sentence_transformers.models.";

    // What the pooling's config calls each, as a flag and, in newer files, as the value of "pooling_mode".
    private static readonly (EmbeddingPooling Pooling, string Flag, string Mode)[] _poolings =
    [
        (EmbeddingPooling.Cls, "pooling_mode_cls_token", "cls"), (EmbeddingPooling.Mean, "pooling_mode_mean_tokens", "mean"),
        (EmbeddingPooling.Last, "pooling_mode_lasttoken", "lasttoken"),
    ];

    /// <summary>Reads a folder's files; one without a list of modules has the mean of the tokens' vectors, as there.</summary>
    /// <param name="folder">The folder; null: there is none.</param>
    /// <exception cref="CheckpointException">A file is malformed, or asks for something that is not known.</exception>
    public static EmbeddingRecipe Of(string? folder)
    {
        var recipe = new EmbeddingRecipe(EmbeddingPooling.Mean, Normalize: false, MaxTokens: null);
        if (folder is null || !File.Exists(Path.Combine(folder, Modules)))
        {
            return recipe;
        }
        foreach ((string type, string path) in ReadModules(Path.Combine(folder, Modules)))
        {
            recipe = type switch
            {
                "Transformer" when path.Length == 0 => recipe,
                "Pooling" => recipe with { Pooling = ReadPooling(Path.Combine(folder, path, Config)) },
                "Normalize" => recipe with { Normalize = true },
                _ => throw new CheckpointException(
                    $"'{Path.Combine(folder, Modules)}' has a module of the type '{type}' in '{path}'; expected a Transformer in the folder itself, Pooling and Normalize."),
            };
        }
        string limits = Path.Combine(folder, Limits);
        if (!File.Exists(limits))
        {
            return recipe;
        }
        var json = ConfigJson.Parse(File.ReadAllBytes(limits), limits);
        return recipe with
        {
            MaxTokens = json.Has("max_seq_length") ? json.Int("max_seq_length", 0) : null, LowerCase = json.Has("do_lower_case") && json.Bool("do_lower_case", false),
        };
    }

    /// <summary>What a checkpoint's folder says, and what was asked for instead; with the number of tokens that it comes to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More tokens are asked for than the network has positions.</exception>
    /// <exception cref="CheckpointException">As of <see cref="Of(string)"/>.</exception>
    public static EmbeddingRecipe Of(Checkpoint checkpoint, int? maxTokens, EmbeddingPooling? pooling)
    {
        EmbeddingRecipe recipe = Of(checkpoint.Folder);
        int limit = RowTokenizer.Limit(checkpoint, maxTokens);
        return recipe with { Pooling = pooling ?? recipe.Pooling, MaxTokens = maxTokens ?? Math.Min(limit, recipe.MaxTokens ?? limit) };
    }

    /// <summary>The texts as they are to be read.</summary>
    public TextRow Prepared(TextRow row) => LowerCase ? new TextRow(row.Text.ToLowerInvariant(), row.Pair?.ToLowerInvariant()) : row;

    /// <summary>Writes the files beside a checkpoint.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="width">Width of the vectors.</param>
    public void Write(string folder, int width)
    {
        var modules = new JsonArray(Module(0, "", "Transformer"), Module(1, PoolingFolder, "Pooling"));
        if (Normalize)
        {
            modules.Add(Module(2, NormalizeFolder, "Normalize"));
            Directory.CreateDirectory(Path.Combine(folder, NormalizeFolder));
        }
        Directory.CreateDirectory(Path.Combine(folder, PoolingFolder));
        var pooling = new JsonObject(_poolings.Select(known => KeyValuePair.Create<string, JsonNode?>(known.Flag, known.Pooling == Pooling)))
        {
            ["word_embedding_dimension"] = width,
        };
        Write(Path.Combine(PoolingFolder, Config), pooling);
        Write(Limits, new JsonObject { ["max_seq_length"] = MaxTokens == int.MaxValue ? null : MaxTokens, ["do_lower_case"] = LowerCase });
        Write(Modules, modules);

        void Write(string name, JsonNode content) => AtomicFile.Write(Path.Combine(folder, name), stream => JsonSerializer.Serialize(stream, content));

        static JsonObject Module(int number, string path, string type) =>
            new() { ["idx"] = number, ["name"] = $"{number}", ["path"] = path, ["type"] = Prefix + type };
    }

    private static IEnumerable<(string Type, string Path)> ReadModules(string file)
    {
        try
        {
            return [.. JsonNode.Parse(File.ReadAllBytes(file))!.AsArray().Select(module => (((string)module!["type"]!).Split('.')[^1], (string?)module["path"] ?? throw new InvalidOperationException("one has no 'path'.")))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or ArgumentNullException)
        {
            throw new CheckpointException($"'{file}' is no list of modules, each with a 'type' and a 'path': {error.Message}", error);
        }
    }

    private static EmbeddingPooling ReadPooling(string file)
    {
        var json = ConfigJson.Parse(File.Exists(file) ? File.ReadAllBytes(file) : throw new CheckpointException($"There is no file '{file}'."), file);
        string[] asked = json.StringOrNull("pooling_mode") is { } mode
            ? [mode]
            : [.. json.Json.Where(item => item.Key.StartsWith("pooling_mode_", StringComparison.Ordinal) && json.Bool(item.Key, false)).Select(item => item.Key)];
        return asked is [var only] && _poolings.Any(known => known.Flag == only || known.Mode == only)
            ? _poolings.Single(known => known.Flag == only || known.Mode == only).Pooling
            : throw new CheckpointException(
                $"'{file}' asks for the pooling {(asked.Length == 0 ? "of nothing" : string.Join(" with ", asked))}; expected one of {string.Join(", ", _poolings.Select(known => known.Flag))}.");
    }
}
