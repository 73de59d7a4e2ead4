namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Published folders that are not a network with plain weights: named as what they are, with what to do.</summary>
internal static class PartialCheckpoints
{
    private const string AdapterFile = "adapter_config.json";
    private const string QuantizationKey = "quantization_config";

    /// <summary>Refuses a folder with an adapter, which changes the weights of another checkpoint (LoRA and its like, as PEFT saves them).</summary>
    /// <exception cref="CheckpointException">It is one.</exception>
    public static void RefuseAdapter(string folder)
    {
        string path = Path.Combine(folder, AdapterFile);
        if (!File.Exists(path))
        {
            return;
        }
        var adapter = ConfigJson.Parse(File.ReadAllBytes(path), path);
        string kind = adapter.StringOrNull("peft_type") ?? "PEFT";
        string network = adapter.StringOrNull("base_model_name_or_path") is { } name ? $"'{name}'" : "another checkpoint";
        throw new CheckpointException(
            $"The folder '{folder}' holds a {kind} adapter for {network} ({AdapterFile}), which is not applied here: merge it into that network first (PEFT's "
            + $"merge_and_unload, then save_pretrained) and give the merged folder. Where the weights beside it are merged already, remove {AdapterFile}.");
    }

    /// <summary>Refuses quantized weights (GPTQ, AWQ, bitsandbytes and others).</summary>
    /// <exception cref="CheckpointException">config.json says that they are.</exception>
    public static void RefuseQuantized(ConfigJson json)
    {
        if (!json.Has(QuantizationKey))
        {
            return;
        }
        ConfigJson settings = json.Section(QuantizationKey);
        string method = settings.StringOrNull("quant_method") ?? (settings.Has("load_in_4bit") || settings.Has("load_in_8bit") ? "bitsandbytes" : "a method that it does not name");
        throw new CheckpointException(
            $"'{json.Source}': '{QuantizationKey}' says that the weights are quantized by {method}, which is not read here: give the checkpoint that was quantized, or a "
            + $"GGUF of it. Where the weights are plain all the same, remove the key.");
    }
}
