using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Text generators of a context of their own.</summary>
internal static class Generators
{
    public static TextGenerator Load(Checkpoint checkpoint) => new MLContext().Transformers().TextGenerator(checkpoint);

    /// <summary>A generator that owns a network.</summary>
    public static TextGenerator Of(TaskModel model, TextEncoder tokenizer, GenerationOptions checkpoint) =>
        new(((IHostEnvironment)new MLContext()).Register("test"), model, tokenizer, checkpoint, new TextGeneratorOptions());

    /// <summary>Writes the checkpoint of a small LLaMA with weights that nobody trained.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="tokenizerName">The golden folder of its tokenizer.</param>
    public static string Write(string folder, string tokenizerName)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", tokenizerName)));
        using TaskModel model = TaskModel.Create(Config(tokenizer), HeadKind.CausalLanguageModel, Placement.Cpu);
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, new FreshWeights(0.3), seed: 4);
        }
        CheckpointWriter.Write(folder, model, tokenizer, """{"eos_token_id": 2}"""u8.ToArray());
        return folder;
    }

    public static LlamaConfig Config(TextEncoder tokenizer) => new()
    {
        VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Layers = 2, Heads = 2, IntermediateSize = 24, MaxPositions = 256,
    };
}
