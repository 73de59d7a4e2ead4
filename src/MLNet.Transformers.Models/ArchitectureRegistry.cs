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
        BartArchitecture.Published,
        BartArchitecture.Translation,
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

    /// <summary>The architecture of a config.json: that of its <c>model_type</c>, else that of the classes in its <c>architectures</c>.</summary>
    /// <param name="json">The file; afterwards it has a <c>model_type</c>.</param>
    /// <param name="modelType">The model type, whatever the file says; null: what the file says.</param>
    /// <exception cref="CheckpointException">There is none, or one that is not known.</exception>
    public static Architecture Find(ConfigJson json, string? modelType = null)
    {
        string? type = modelType ?? json.StringOrNull("model_type");
        Architecture[] candidates = [.. type is null ? OfClasses(json.Strings("architectures")) : All.Where(architecture => architecture.ModelType == type)];
        if (candidates.Length == 0)
        {
            string known = $"Known model types: {string.Join(", ", ModelTypes.Select(name => $"'{name}'"))}.";
            throw new CheckpointException(type is null
                ? $"'{json.Source}' has no 'model_type'. {known} Say which one it is: Checkpoint.FromFolder(folder, modelType: \"{BertConfig.Type}\")."
                : $"'{json.Source}' {(modelType is null ? "names" : "was given")} the model type '{type}', which is not supported. {known}");
        }
        json.Json["model_type"] = candidates[0].ModelType;
        return candidates is [Architecture only] ? only : candidates.First(architecture => architecture.Matches(json));
    }

    public static Architecture Of(ModelConfig config) => All.Single(architecture => architecture.Owns(config));

    // Those that have the class itself, or else a class of the same family.
    private static IEnumerable<Architecture> OfClasses(IReadOnlyList<string> classes)
    {
        Architecture[] exact = [.. All.Where(architecture => architecture.Heads.Any(head => classes.Contains(head.ClassName)))];
        return exact.Length > 0 ? exact : All.Where(architecture => architecture.Heads.Any(head => classes.Any(name => Family(name) == Family(head.ClassName))));
    }

    // BertForTokenClassification, BertModel and BertLMHeadModel are Bert's, be there such a head or not.
    private static string Family(string className) => className[..((string[])["For", "LMHead", "Model"])
        .Select(word => className.IndexOf(word, StringComparison.Ordinal)).Where(place => place > 0).Append(className.Length).Min()];
}
