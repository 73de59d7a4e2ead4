namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>What loading a checkpoint did besides copying tensors.</summary>
/// <param name="Added">Parameters that the checkpoint lacks and that were initialised freshly.</param>
/// <param name="Ignored">Tensors of the checkpoint that the network is known to have no use for: other heads, copies, buffers.</param>
/// <param name="Unexpected">Tensors of the checkpoint that no network of the architecture has.</param>
internal sealed record LoadReport(IReadOnlyList<string> Added, IReadOnlyList<string> Ignored, IReadOnlyList<string> Unexpected);
