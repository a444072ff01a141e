"""TopK autoencoder of openai/sparse_autoencoder (model.py): its state dict, with what it says of its activation."""
import torch
from torch import nn
from files import run, write


class Autoencoder(nn.Module):
    def __init__(self, latents, inputs, k):
        super().__init__()
        self.k = k
        self.pre_bias = nn.Parameter(torch.randn(inputs) * 0.3)
        self.encoder = nn.Linear(inputs, latents, bias=False)
        self.latent_bias = nn.Parameter(torch.randn(latents) * 0.3)
        self.decoder = nn.Linear(latents, inputs, bias=False)
        for name in ("stats_last_nonzero", "latents_activation_frequency", "latents_mean_square"):
            self.register_buffer(name, torch.zeros(latents))

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        x = x - mean
        std = x.std(-1, keepdim=True)
        x = x / (std + 1e-5)
        pre_activations = self.encoder(x - self.pre_bias) + self.latent_bias
        values, indices = pre_activations.topk(self.k, dim=-1)
        latents = torch.zeros_like(pre_activations).scatter_(-1, indices, torch.relu(values))
        return (self.decoder(latents) + self.pre_bias) * std + mean


def main():
    torch.manual_seed(61)
    network = Autoencoder(64, 20, 6)
    x = torch.randn(30, 20) * 2 + 0.5
    state = network.state_dict()
    state["activation"] = "TopK"
    state["activation_state_dict"] = {"k": 6, "postact_fn": "ReLU"}
    write("sae-openai", state, x=x, output=run(network, x))


if __name__ == "__main__":
    main()
