using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Text generators of a context of their own.</summary>
internal static class Generators
{
    public static TextGenerator Load(Checkpoint checkpoint) => new MLContext().Transformers().TextGenerator(checkpoint);

    /// <summary>A generator that owns a network.</summary>
    public static TextGenerator Of(TaskModel model, TextEncoder tokenizer, GenerationOptions checkpoint) =>
        new(((IHostEnvironment)new MLContext()).Register("test"), model, tokenizer, checkpoint, new TextGeneratorOptions());
}
