using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Generation with a decoder alone: it reads the prompt and goes on.</summary>
internal sealed class DecoderOnlySession(TaskModel model, TokenBatch prompt, long capacity, bool cached) : GenerationSession(model, prompt, capacity, cached)
{
    protected override Tensor Decode(TokenBatch batch) => Model.Backbone.forward(batch).Tokens;
}
