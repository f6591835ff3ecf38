function mpc = two
mpc.version = '2';
mpc.baseMVA = 100;
for i = 1:3
end
