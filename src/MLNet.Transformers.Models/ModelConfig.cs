using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Checkpoints;

namespace MLNet.Transformers.Models;

/// <summary>What config.json says of a network. Each architecture derives its own; all values are those of the file, or the reference's defaults.</summary>
public abstract record ModelConfig
{
    // 4 TB in float32, several times of what has been trained.
    private const double MostParameters = 1e12;

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private protected ModelConfig()
    {
    }

    /// <summary>The architecture, as <c>model_type</c> writes it.</summary>
    public abstract string ModelType { get; }

    /// <summary>Width of the vectors between the layers (<c>hidden_size</c>).</summary>
    public abstract int HiddenSize { get; init; }

    /// <summary>Rows of the token embedding (<c>vocab_size</c>).</summary>
    public abstract int VocabularySize { get; init; }

    /// <summary>Most tokens of a sequence, special tokens included; null where the architecture has no limit.</summary>
    public abstract int? MaxTokens { get; }

    /// <summary>The id that fills up shorter sequences of a batch (<c>pad_token_id</c>).</summary>
    public virtual int PaddingId { get; init; }

    /// <summary>The id that a decoder's input begins with (<c>decoder_start_token_id</c>); null where there is no decoder beside an encoder.</summary>
    public virtual int? DecoderStartId => null;

    /// <summary>Whether the network tells two texts apart by segment ids.</summary>
    public virtual bool HasSegments => false;

    /// <summary>Standard deviation of freshly initialised weights (<c>initializer_range</c>).</summary>
    public virtual double InitializerRange { get; init; } = 0.02;

    /// <summary>Class names of a classification head (<c>id2label</c>).</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["LABEL_0", "LABEL_1"];

    /// <summary>What a sequence classification head was trained for (<c>problem_type</c>): single_label_classification, multi_label_classification, regression, or null.</summary>
    public string? ProblemType { get; init; }

    /// <summary>The classes of the reference that the checkpoint was saved from (<c>architectures</c>).</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>What says how sources are read: their vocabulary, padding and segments. Another than this one where they have a vocabulary of their own.</summary>
    internal virtual ModelConfig SourceConfig => this;

    /// <summary>Whether sources are read by another vocabulary than targets are written by.</summary>
    internal bool HasSourceVocabulary => !ReferenceEquals(SourceConfig, this);

    /// <summary>About how many parameters a network of these sizes has, worked out in floating point, which no sizes overflow.</summary>
    internal abstract double Parameters { get; }

    /// <summary>Everything that the file held, so that keys this library does not read survive a round trip.</summary>
    internal JsonObject Source { get; init; } = [];

    /// <summary>Reads config.json.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelType">
    /// The architecture, as <c>model_type</c> writes it, whatever the file says of it; null: what it says in <c>model_type</c>, else in the class names under
    /// <c>architectures</c>.
    /// </param>
    /// <exception cref="CheckpointException">
    /// The file is missing, is not a JSON object, tells no known architecture, asks for quantized weights, or a value has the wrong type or range.
    /// </exception>
    public static ModelConfig FromFile(string path, string? modelType = null) => File.Exists(path)
        ? Parse(File.ReadAllBytes(path), path, modelType)
        : throw new CheckpointException($"There is no file '{path}'.");

    /// <summary>Reads the content of a config.json.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="name">What to call it in a message.</param>
    /// <param name="modelType">As in <see cref="FromFile"/>.</param>
    /// <exception cref="CheckpointException">As <see cref="FromFile"/>.</exception>
    public static ModelConfig Parse(ReadOnlySpan<byte> json, string name, string? modelType = null)
    {
        var config = ConfigJson.Parse(json, name);
        PartialCheckpoints.RefuseQuantized(config);
        return ArchitectureRegistry.Find(config, modelType).ReadConfig(config);
    }

    /// <summary>The config as a checkpoint's tensors complete it, where they tell more of the network than config.json does.</summary>
    internal ModelConfig CompletedBy(ITensorSource source) => ArchitectureRegistry.Of(this).Complete(this, source);

    /// <summary>What a file says, and this config where the file says nothing.</summary>
    /// <param name="json">config.json.</param>
    /// <param name="labels">How many labels there are where it does not say.</param>
    /// <exception cref="CheckpointException">A value has the wrong type or range, or is not supported; or there cannot be so large a network.</exception>
    internal ModelConfig Read(ConfigJson json, int labels) => Pass(new ConfigKeys(json, writes: false)) with
    {
        Labels = json.Labels(labels),
        ProblemType = json.ProblemType(),
        Architectures = json.Strings("architectures"),
        Source = json.Json,
    };

    /// <summary>The text of a config.json that the reference implementation reads.</summary>
    /// <param name="className">The reference's class that the weights beside it belong to.</param>
    internal string ToJson(string className) => Written(className).ToJsonString(_indented) + "\n";

    /// <summary>As <see cref="ToJson"/>, before it becomes text.</summary>
    internal JsonObject Written(string className)
    {
        var json = (JsonObject)Source.DeepClone();
        json["architectures"] = new JsonArray(className);
        json["model_type"] = ModelType;
        json["id2label"] = new JsonObject(Labels.Select((label, id) => KeyValuePair.Create<string, JsonNode?>($"{id}", label)));
        json["label2id"] = LabelNumbers();
        json.Remove("num_labels");
        json.Remove("problem_type");
        if (ProblemType is not null)
        {
            json["problem_type"] = ProblemType;
        }
        Pass(new ConfigKeys(new ConfigJson(json, $"the config of {ModelType}"), writes: true));
        return json;
    }

    /// <summary>Checks the config by the rules of a file.</summary>
    /// <exception cref="CheckpointException">A value has the wrong range, or there cannot be so large a network.</exception>
    internal void Check() => Written(className: "");

    /// <summary>The sizes by their keys, the largest first, for a message.</summary>
    internal virtual string Sizes()
    {
        var keys = new ConfigKeys(new ConfigJson([], ""), writes: true);
        Exchange(keys);
        return keys.Sizes;
    }

    /// <summary>Names each of the architecture's keys once, be it to read or to write: see <see cref="ConfigKeys"/>.</summary>
    /// <returns>This config with what the pass gave; where a file is written, the same values.</returns>
    private protected abstract ModelConfig Exchange(ConfigKeys keys);

    private ModelConfig Pass(ConfigKeys keys)
    {
        ModelConfig config = Exchange(keys);
        return config.Parameters <= MostParameters
            ? config
            : throw new CheckpointException(
                $"'{keys.Json.Source}' describes a network of about {config.Parameters:0.#E+0} parameters; expected at most {MostParameters:0.#E+0}: {keys.Sizes}.");
    }

    private JsonObject LabelNumbers()
    {
        var numbers = new JsonObject();
        for (int id = 0; id < Labels.Count; id++)
        {
            numbers[Labels[id]] = id;
        }
        return numbers;
    }
}
