using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;

namespace MLNet.Transformers.Parity.Models;

/// <summary>What a network writes behind ids.</summary>
internal static class Written
{
    public static IReadOnlyList<IReadOnlyList<GeneratedSequence>> Ids(
        TaskModel model, TokenBatch prompts, GenerationOptions options, GenerationOptions? checkpoint = null) =>
        new TokenGenerator(model).Generate(prompts, new GenerationSettings(options, checkpoint ?? new GenerationOptions(), model.Config), checkAlive: static () => { });
}
