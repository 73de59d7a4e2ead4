using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Generation with an encoder and a decoder: the source is encoded once, and the decoder's keys of it are computed once.</summary>
internal sealed class EncoderDecoderSession : GenerationSession
{
    private readonly IEncoderDecoder _network;
    private readonly HeldTensor _source;
    private readonly HeldTensor _sourceIds;
    private readonly HeldTensor? _sourceMask;

    /// <param name="model">The network.</param>
    /// <param name="source">What the encoder read.</param>
    /// <param name="states">What it made of it, (rows, tokens, hidden); owned from now on.</param>
    /// <param name="prompt">What the decoder reads first.</param>
    /// <param name="capacity">Most tokens of the decoder, prompt included.</param>
    /// <param name="cached">Whether keys and values are kept.</param>
    public EncoderDecoderSession(TaskModel model, TokenBatch source, Tensor states, TokenBatch prompt, long capacity, bool cached)
        : base(model, prompt, capacity, cached)
    {
        _network = (IEncoderDecoder)model.Backbone;
        _sourceIds = new HeldTensor(source.Ids.clone());
        _sourceMask = source.Mask is { } mask ? new HeldTensor(mask.clone()) : null;
        _source = new HeldTensor(states);
    }

    protected override Tensor SourceIds => _sourceIds.Value;

    protected override Tensor? SourceSeen => _sourceMask is { Value: { } mask } && mask.dim() == 2 ? mask.ne(Number(0)) : null;

    protected override bool HidesSource => _sourceMask is not null && SourceSeen is null;

    public override void Dispose()
    {
        _source.Dispose();
        _sourceIds.Dispose();
        _sourceMask?.Dispose();
        base.Dispose();
    }

    protected override Tensor Decode(TokenBatch batch) => _network.Decode(batch, _source.Value, _sourceMask?.Value);

    protected override void SelectSources(Tensor rows)
    {
        _source.Select(rows);
        _sourceIds.Select(rows);
        _sourceMask?.Select(rows);
    }
}
