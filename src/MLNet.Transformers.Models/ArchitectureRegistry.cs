using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.EncoderDecoder;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.ChatGlm2;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Glm.Glm4;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.T5;

namespace MLNet.Transformers.Models;

/// <summary>All architectures. A new one is one line here and one folder beside <see cref="Bert"/>.</summary>
internal static class ArchitectureRegistry
{
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new BertArchitecture(),
        new RobertaArchitecture(RobertaConfig.EnglishType, "Roberta"),
        new RobertaArchitecture(RobertaConfig.MultilingualType, "XLMRoberta"),
        new BartArchitecture(),
        new EncoderDecoderArchitecture(),
        new T5Architecture(),
        new LlamaArchitecture(),
        new Glm4Architecture(Glm4Config.Type, "Glm"),
        new Glm4Architecture(Glm4Config.SandwichType, "Glm4"),
        new Glm2022Architecture(),
        new ChatGlm1Architecture(),
        new ChatGlm2Architecture(),
    ];

    public static IEnumerable<string> ModelTypes => All.Select(architecture => architecture.ModelType).Distinct();

    /// <summary>The architecture that config.json names.</summary>
    /// <exception cref="CheckpointException"><c>model_type</c> is missing or unknown.</exception>
    public static Architecture Find(ConfigJson json)
    {
        string? type = json.StringOrNull("model_type");
        string known = string.Join(", ", ModelTypes.Select(name => $"'{name}'"));
        if (type is null)
        {
            throw new CheckpointException($"'{json.Source}' has no 'model_type'. Known model types: {known}.");
        }
        return All.FirstOrDefault(architecture => architecture.Matches(json))
            ?? throw new CheckpointException($"'{json.Source}' names the model type '{type}', which is not supported. Known model types: {known}.");
    }

    public static Architecture Of(ModelConfig config) => All.Single(architecture => architecture.Owns(config));
}
